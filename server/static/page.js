// The page works without this script: the form and the links do the same by loading a new page.
"use strict";

const form = document.getElementById("ask");
const box = document.getElementById("query");
const button = document.getElementById("run");
const about = document.getElementById("about");
const links = document.querySelectorAll(".examples a");

function mark(current) {
  for (const link of links) {
    if (link === current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  about.textContent = current ? current.dataset.description : "";
}

for (const link of links) {
  link.addEventListener("click", async (event) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const response = await fetch(link.href, { headers: { Accept: "application/sparql-query" } });
    if (!response.ok) {
      window.location.assign(link.href);
      return;
    }
    box.value = await response.text();
    box.removeAttribute("aria-invalid");
    box.scrollTop = 0;
    mark(link);
  });
}

// Runs the query and puts the result of the page that the server answers with into this one.
async function run() {
  const address = new URL(form.action);
  address.search = new URLSearchParams(new FormData(form)).toString();
  const started = performance.now();
  const label = button.textContent;
  button.setAttribute("aria-disabled", "true");
  const clock = window.setInterval(() => {
    button.textContent = `Running, ${Math.round((performance.now() - started) / 1000)} s`;
  }, 1000);
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const result = page.getElementById("result");
    if (!result) throw new Error("the server sent another page");
    document.getElementById("result").replaceWith(result);
    for (const section of document.querySelectorAll("#result ~ section")) section.remove();
    box.toggleAttribute("aria-invalid", response.status === 400);
    window.history.pushState(null, "", address);
    result.focus({ preventScroll: true });
    result.scrollIntoView({ block: "nearest" });
  } catch {
    form.submit(); // lets the browser show what is wrong
  } finally {
    window.clearInterval(clock);
    button.textContent = label;
    button.removeAttribute("aria-disabled");
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!button.hasAttribute("aria-disabled")) run();
});

box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
});
box.addEventListener("input", () => mark(null));
window.addEventListener("popstate", () => window.location.reload());
