"use strict";
// Behind a proxy that the mock does not know of, only the browser knows where it found the page.
const here = new URL(".", location.href).href.replace(/\/$/, "");
const told = document.getElementById("address").textContent;
for (const id of ["address", "curl", "fetch"]) {
  const shown = document.getElementById(id);
  shown.textContent = shown.textContent.replaceAll(told, here);
}
// Without a clipboard (an address that is neither https nor this machine) the buttons stay hidden.
if (navigator.clipboard) {
  const said = document.getElementById("said");
  for (const button of document.querySelectorAll("button.copy")) {
    const label = button.textContent;
    const source = document.getElementById(button.dataset.copy);
    button.hidden = false;
    button.addEventListener("click", async () => {
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
}
