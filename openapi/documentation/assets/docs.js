"use strict";
// Copy buttons, folded samples, the position in the side navigation, and what is printed. Every page
// works without this script.
(() => {
  const byId = (name) => document.getElementById(name);

  // ---- the language switch keeps the place
  const other = document.querySelector("[data-other]");
  if (other) {
    other.addEventListener("click", () => {
      other.hash = location.hash;
    });
  }

  // ---- rules are on the page of errors, also if a link expects them here
  if (location.hash.startsWith("#rule-") && !byId(location.hash.slice(1))) {
    location.replace(`errors.html${location.hash}`);
  }

  // ---- copy buttons
  const said = byId("said");
  if (navigator.clipboard) {
    for (const button of document.querySelectorAll("button.copy")) {
      button.hidden = false;
    }
    document.addEventListener("click", async ({ target }) => {
      const button = target.closest("button.copy");
      if (!button) return;
      const source = button.parentElement.querySelector("code");
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

  // ---- folded samples: a link opens the one that it leads to, and a button opens all
  function openTarget() {
    const target = location.hash && byId(decodeURIComponent(location.hash.slice(1)));
    const fold = target && target.closest("details.sample");
    if (!fold || fold.open) return;
    fold.open = true;
    target.scrollIntoView();
  }
  addEventListener("hashchange", openTarget);
  openTarget();
  const unfold = document.querySelector("button.unfold");
  if (unfold) {
    const samples = [...document.querySelectorAll("details.sample")];
    const labels = [unfold.textContent, unfold.dataset.hide];
    const areOpen = () => samples.every((each) => each.open);
    unfold.hidden = false;
    unfold.addEventListener("click", () => {
      const open = !areOpen();
      for (const each of samples) each.open = open;
    });
    // The event does not bubble, and a sample may have been opened by itself.
    document.addEventListener("toggle", () => {
      unfold.textContent = labels[Number(areOpen())];
    }, true);
  }

  // ---- side navigation: closed on a phone, and the place that is being read is marked
  const side = document.querySelector(".side");
  if (side && matchMedia("(max-width: 56rem)").matches) {
    side.open = false;
    side.addEventListener("click", ({ target }) => {
      if (target.closest("a")) side.open = false;
    });
  }
  const entries = new Map();
  for (const link of document.querySelectorAll(".side a[href^='#']")) {
    const place = byId(decodeURIComponent(link.hash.slice(1)));
    if (place) entries.set(place, link);
  }
  if (entries.size && "IntersectionObserver" in window) {
    let current = null;
    const places = [...entries.keys()];
    const update = () => {
      const limit = innerHeight / 4;
      let found = null;
      for (const place of places) {
        if (place.getBoundingClientRect().top > limit) break;
        found = place;
      }
      const link = entries.get(found) || null;
      if (link === current) return;
      if (current) current.removeAttribute("aria-current");
      current = link;
      if (!link) return;
      link.setAttribute("aria-current", "true");
      const box = link.getBoundingClientRect();
      const frame = side.getBoundingClientRect();
      if (box.top < frame.top || box.bottom > frame.bottom) {
        side.scrollTop += box.top - frame.top - frame.height / 3;
      }
    };
    let waiting = false;
    addEventListener("scroll", () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        update();
      });
    }, { passive: true });
    update();
  }

  // ---- print everything that is folded
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const each of folded) each.open = true;
  });
  addEventListener("afterprint", () => {
    for (const each of folded) each.open = false;
  });
})();
