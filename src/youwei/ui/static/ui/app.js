// What makes the pages comfortable. Everything can be read and sent without it. No eval, no inline script, no state the
// server does not know.
(() => {
  "use strict";

  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const csrfMeta = () => find('meta[name="csrf-token"]');

  // ---- a short message at the foot of the window
  function flash(text, tone) {
    const box = document.getElementById("flash");
    if (!box) return;
    const note = document.createElement("div");
    note.className = "yw-note" + (tone ? " is-" + tone : "");
    note.append(Object.assign(document.createElement("span"), { textContent: text }));
    box.replaceChildren(note);
    window.setTimeout(() => note.remove(), 6000);
  }

  // ---- "/" goes to the search box; Escape closes what is open
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest && event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const search = find("[data-slash]");
      if (search && search.offsetParent !== null) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    }
    if (event.key === "Escape") {
      all("details[data-menu][open]").forEach((menu) => {
        menu.open = false;
        find("summary", menu).focus();
      });
      all("[data-hits]").forEach((hits) => hits.replaceChildren());
    }
    const hits = event.target.closest && event.target.closest(".yw-search");
    if (hits && (event.key === "ArrowDown" || event.key === "ArrowUp")) moveAmongHits(event, hits);
  });

  function moveAmongHits(event, search) {
    const stops = [find("input", search), ...all(".yw-hit", search)];
    const at = stops.indexOf(document.activeElement);
    const next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  }

  // ---- menus close when one clicks elsewhere; dialogs open and close; a click in a table picks all
  document.addEventListener("click", (event) => {
    all("details[data-menu][open]").forEach((menu) => {
      if (!menu.contains(event.target) || event.target.closest(".yw-menu-item")) menu.open = false;
    });
    all("[data-hits]").forEach((hits) => {
      if (!hits.parentElement.contains(event.target)) hits.replaceChildren();
    });
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialog);
      if (dialog && dialog.showModal) {
        event.preventDefault();
        dialog.showModal();
      }
    }
    const closer = event.target.closest("[data-close]");
    if (closer) {
      const dialog = closer.closest("dialog");
      if (dialog) dialog.close();
      const box = closer.dataset.close && document.getElementById(closer.dataset.close);
      if (box) box.replaceChildren();
    }
    if (event.target.closest("[data-print]")) window.print();
  });

  // ---- what explains a page is printed unfolded, and folded again afterwards
  window.addEventListener("beforeprint", () => {
    all("details[data-print-open]:not([open])").forEach((box) => box.setAttribute("open", "printing"));
  });
  window.addEventListener("afterprint", () => {
    all('details[open="printing"]').forEach((box) => box.removeAttribute("open"));
  });

  // ---- light and dark: the reader's choice, kept in this browser
  function showTheme(button) {
    const dark = document.documentElement.getAttribute("data-bs-theme") === "dark";
    find("span", button).textContent = dark ? "浅色显示" : "深色显示";
    button.hidden = false;
  }
  all("[data-theme-switch]").forEach((button) => {
    showTheme(button);
    button.addEventListener("click", () => {
      const next = document.documentElement.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
      document.documentElement.setAttribute("data-bs-theme", next);
      try {
        window.localStorage.setItem("yw-theme", next);
      } catch {
        // Storage switched off: the choice lasts as long as the page.
      }
      showTheme(button);
      document.dispatchEvent(new CustomEvent("yw:theme"));
    });
  });

  // ---- the summary of faults gets the focus; a file that is too large is said at once
  function focusFaults(root) {
    const faults = find("[data-faults]", root);
    if (faults) faults.focus();
  }
  focusFaults(document);
  document.addEventListener("htmx:afterSwap", (event) => focusFaults(event.detail.target));

  // ---- htmx: the token goes with every request; failures are said in words
  document.addEventListener("htmx:configRequest", (event) => {
    const meta = csrfMeta();
    if (meta) event.detail.headers["X-CSRFToken"] = meta.content;
    if (event.target.matches("[data-ask]")) event.detail.parameters.q = event.target.value;
  });
  document.addEventListener("htmx:sendError", (event) => {
    if (!event.target.closest("[data-draft]")) flash("网络不通，这一步没有做成，请稍后再试。", "late");
  });
  document.addEventListener("htmx:responseError", (event) => {
    if (!event.target.closest("[data-draft]")) flash("这一步没有做成，请稍后再试或刷新页面。", "late");
  });

  // ---- the parts that keep a little state on the page
  document.addEventListener("alpine:init", () => {
    const Alpine = window.Alpine;

    // A list with boxes: <form x-data="chosen"> … <input type="checkbox" name="chosen"> … <span x-text="words">
    Alpine.data("chosen", () => ({
      count: 0,
      init() {
        this.recount();
        this.$root.addEventListener("change", (event) => {
          if (event.target.matches("[data-all]")) {
            all('input[type="checkbox"][name="chosen"]', this.$root).forEach((box) => {
              box.checked = event.target.checked;
            });
          }
          this.recount();
        });
        this.$root.addEventListener("htmx:afterSettle", () => this.recount());
      },
      recount() {
        const boxes = all('input[type="checkbox"][name="chosen"]', this.$root);
        boxes.forEach((box) => {
          const row = box.closest("tr");
          if (row) row.classList.toggle("is-on", box.checked);
        });
        this.count = boxes.filter((box) => box.checked).length;
        const whole = find("[data-all]", this.$root);
        if (whole) {
          whole.checked = this.count > 0 && this.count === boxes.length;
          whole.indeterminate = this.count > 0 && this.count < boxes.length;
        }
        all("[data-needs-chosen]", this.$root).forEach((button) => {
          button.disabled = this.count === 0;
        });
      },
      get words() {
        return this.count ? "已选" + this.count + "条" : "";
      },
    }));

    // A box of tokens: pick from what the server found, or type names.
    Alpine.data("tokens", () => ({
      // Enter takes the only hit there is; it never sends the form in the middle of a list of names.
      enter(event) {
        if (event.isComposing) return;
        event.preventDefault();
        const hits = all("[data-value]", this.$refs.hits);
        if (hits.length === 1) this.take(hits[0]);
        else if (/[^、，,；;\s]$/.test(this.$refs.typed.value)) this.$refs.typed.value += "、";
      },
      pick(event) {
        const hit = event.target.closest("[data-value]");
        if (hit) this.take(hit);
      },
      take(hit) {
        const held = all('input[type="hidden"]', this.$refs.box).map((input) => input.value);
        if (!held.includes(hit.dataset.value)) {
          const token = this.$refs.model.content.firstElementChild.cloneNode(true);
          find("input", token).value = hit.dataset.value;
          find("span", token).textContent = hit.dataset.label;
          find("button", token).setAttribute("aria-label", "移除" + hit.dataset.label);
          this.$refs.box.insertBefore(token, this.$refs.typed);
        }
        this.$refs.typed.value = "";
        this.$refs.hits.replaceChildren();
        this.$refs.typed.focus();
        this.$refs.typed.dispatchEvent(new Event("change", { bubbles: true }));
        this.announce();
      },
      remove(event) {
        const button = event.target.closest("[data-remove]");
        if (!button) return;
        button.closest(".yw-token").remove();
        this.$refs.typed.focus();
        this.announce();
      },
      announce() {
        const form = this.$root.closest("form");
        if (form) form.dispatchEvent(new Event("input", { bubbles: true }));
      },
    }));

    // A table of rows: blank rows beyond the first are taken away, one more row at a click.
    Alpine.data("rows", () => ({
      init() {
        this.next = Number(this.$root.dataset.next);
        const blanks = all("tr[data-blank]", this.$refs.body);
        const keep = this.$refs.body.children.length === blanks.length ? 1 : 0;
        blanks.slice(keep).forEach((row) => row.remove());
      },
      add() {
        const row = this.$refs.model.content.firstElementChild.cloneNode(true);
        all("[name], [id]", row).forEach((control) => {
          ["name", "id"].forEach((key) => {
            if (control.hasAttribute(key)) {
              control.setAttribute(key, control.getAttribute(key).replaceAll("__n__", String(this.next)));
            }
          });
        });
        this.next += 1;
        this.$refs.body.append(row);
        const first = find("input, select, textarea", row);
        if (first) first.focus();
      },
    }));

    // Something folded away: <div x-data="fold"> <button @click="toggle" :aria-expanded="words"> … x-show="open"
    Alpine.data("fold", () => ({
      open: false,
      toggle() {
        this.open = !this.open;
      },
      get words() {
        return String(this.open);
      },
    }));
  });

  window.youwei = { flash, find, all, csrfMeta }; // for the scripts beside this one
})();
