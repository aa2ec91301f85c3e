"use strict";
// Regions with `data-poll="SECONDS"` and an id show what the same page shows later. Without this
// script, a reload does. If a region has a `data-version`, the page need not be made again as long
// as it is the same (204).
const polled = [...document.querySelectorAll("[data-poll]")];
const inUse = (region) => {
  const chosen = getSelection();
  const within = chosen && !chosen.isCollapsed && region.contains(chosen.anchorNode);
  const focused = document.activeElement;
  const typing = region.contains(focused) && !focused.matches("a[href]");
  return within || typing || region.querySelector("details[open]");
};
const refresh = async () => {
  if (document.hidden) return;
  const version = polled.map((region) => region.dataset.version ?? "").join();
  const headers = { Accept: "text/html", "X-Console-Version": version };
  const response = await fetch(location.href, { headers });
  document.getElementById("gone").hidden = response.status !== 404;
  if (response.status !== 200 || response.redirected) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const region of polled) {
    const now = fresh.getElementById(region.id);
    if (now && !inUse(region) && region.innerHTML !== now.innerHTML) {
      const focused = region.contains(document.activeElement) && document.activeElement.href;
      region.replaceChildren(...now.childNodes);
      if (now.dataset.version) region.dataset.version = now.dataset.version;
      if (focused) [...region.querySelectorAll("a")].find((a) => a.href === focused)?.focus();
    }
  }
};
if (polled.length) {
  const seconds = Math.min(...polled.map((region) => Number(region.dataset.poll)));
  const again = () => setTimeout(() => refresh().catch(() => {}).finally(again), seconds * 1000);
  again();
}
