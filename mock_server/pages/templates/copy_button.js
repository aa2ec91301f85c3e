// Without a clipboard (an address that is neither https nor this machine) the buttons stay hidden.
// One listener for all, because the console replaces parts of its pages.
if (navigator.clipboard) {
  const said = document.getElementById("said");
  document.documentElement.classList.add("clipboard");
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest("button.copy");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    const label = button.textContent;
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch {
      getSelection().selectAllChildren(source); // not permitted: one keystroke is left to do
      return;
    }
    button.textContent = said.textContent = button.dataset.done;
    setTimeout(() => {
      button.textContent = label;
      said.textContent = "";
    }, 1500);
  });
}
