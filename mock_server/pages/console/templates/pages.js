document.documentElement.classList.add("scripted");
// Not scrollIntoView: the keyboard would begin there, and not with the link that skips the navigation.
const current = document.querySelector(".pages [aria-current]");
if (current) {
  const bar = current.parentElement;
  bar.scrollLeft = current.offsetLeft - bar.offsetLeft - (bar.clientWidth - current.offsetWidth) / 2;
}
// Keys: `/` leads to the search of the page, and arrows from one row of the journal to the next.
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const focused = document.activeElement;
  if (event.key === "/" && !focused.matches("input, select, textarea")) {
    const search = document.querySelector("input[type=search]");
    if (search) event.preventDefault();
    search?.focus();
  }
  const row = focused.closest(".journal tr");
  if (row && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const next = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
    next?.querySelector("a")?.focus();
    event.preventDefault();
  }
});
