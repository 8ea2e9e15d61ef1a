// Runs before the first paint: applies the stored theme, so that nothing flashes.
// The choice is the only thing Tacit keeps in the browser's storage.
(() => {
  "use strict";
  const root = document.documentElement;
  const key = "tacit-theme";
  const stored = () => {
    try {
      const value = localStorage.getItem(key);
      return value === "dark" || value === "light" ? value : null;
    } catch {
      return null; // Storage may be switched off.
    }
  };
  const system = matchMedia("(prefers-color-scheme: dark)");
  const current = () => stored() ?? (system.matches ? "dark" : "light");
  const label = () => {
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      button.hidden = false;
      button.querySelector("[data-theme-label]").textContent =
        current() === "dark" ? "Light theme" : "Dark theme";
    }
  };
  const apply = () => {
    root.dataset.bsTheme = current();
    label();
    document.dispatchEvent(new Event("tacit:theme"));
  };

  root.classList.add("js");
  apply();
  system.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", () => {
    label();
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      button.addEventListener("click", () => {
        try {
          localStorage.setItem(key, current() === "dark" ? "light" : "dark");
        } catch {
          return;
        }
        apply();
      });
    }
  });
})();
