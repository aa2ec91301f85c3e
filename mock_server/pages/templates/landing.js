"use strict";
// Behind a proxy that the mock does not know of, only the browser knows where it found the page.
const here = new URL(".", location.href).href.replace(/\/$/, "");
const told = document.getElementById("address").textContent;
for (const id of ["address", "curl", "fetch"]) {
  const shown = document.getElementById(id);
  shown.textContent = shown.textContent.replaceAll(told, here);
}
