// Loaded before the page is drawn, so that a reader who chose the dark set does not see a flash of the light one.
(() => {
  "use strict";
  try {
    const chosen = window.localStorage.getItem("yw-theme");
    if (chosen === "dark" || chosen === "light") {
      document.documentElement.setAttribute("data-bs-theme", chosen);
    }
  } catch {
    // Storage switched off: the light set stays.
  }
})();
