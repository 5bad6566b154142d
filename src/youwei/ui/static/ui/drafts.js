// What is typed is not lost: drafts on the server, and words kept in this window while the line is cut or the session has ended.
(() => {
  "use strict";

  const { flash, find, all, csrfMeta } = window.youwei;

  // ---- drafts: <form data-draft hx-post="…" hx-trigger="input delay:3s" hx-swap="none"> with a .yw-draft in it
  const unsaved = new WeakMap();
  const draftForms = () => all("form[data-draft]");
  // Forms whose words come back after a session that ended: those with a draft on the server, and those that ask to be kept in the window.
  const KEEPING = "form[data-draft], form[data-guard=keep]";
  const say = (form, text) => {
    const box = find(".yw-draft", form);
    if (box) box.textContent = text;
  };
  const clock = () => {
    const now = new Date();
    return now.getHours() + ":" + String(now.getMinutes()).padStart(2, "0");
  };
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-draft], form[data-guard]");
    if (form) unsaved.set(form, true);
  });
  // Once a form is sent no draft of it may follow: it would outlive the record, or hold the page back with a question.
  const sent = new WeakSet();
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const form = event.target;
    if (!form.matches(KEEPING)) {
      if (/\/logout\//.test(form.action)) forget();
    } else if (!navigator.onLine && !form.dataset.reached) {
      event.preventDefault();
      sendIfReached(form, event.submitter);
      return;
    } else keep(form);
    unsaved.delete(form);
    sent.add(form);
    window.setTimeout(() => sent.delete(form), 10000);
  });
  // The browser's word is not enough: on an office's only machine the server answers with the cable out.
  async function sendIfReached(form, button) {
    try {
      await fetch(find('link[rel="stylesheet"]').href, { method: "HEAD", cache: "no-store" });
    } catch {
      flash("网络不通，还没有记录。填写的都在本页，接通后请再点一次。", "late");
      return;
    }
    form.dataset.reached = "1";
    form.requestSubmit(button);
    delete form.dataset.reached;
  }
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target;
    if (!form.matches || !form.matches("form[data-draft]")) return;
    if (sent.has(form)) event.preventDefault();
    else unsaved.set(form, "sending");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target;
    if (!form.matches || !form.matches("form[data-draft]")) return;
    const answer = event.detail.xhr;
    const saved = answer && answer.status >= 200 && answer.status < 300;
    const wentToLogin = answer && answer.responseURL && /\/login/.test(answer.responseURL);
    if (saved && !wentToLogin) {
      if (unsaved.get(form) === "sending") unsaved.delete(form);
      say(form, "草稿已存，" + clock());
    } else if (wentToLogin || (answer && (answer.status === 401 || answer.status === 403))) {
      say(form, "登录已过期，草稿暂时没有存上。请在新窗口登录，本页不要关，会自动补存。");
      retryLater(form, true);
    } else {
      const cause = answer && answer.status ? "" : "网络不通，";
      say(form, cause + "草稿暂时没有存上，稍后自动补存。本页先不要关。");
      retryLater(form, false);
    }
  });

  // ---- what was sent and never arrived: the session had ended, or the line was cut. It is kept in this window alone until the same
  // person sees the form again, then handed to the server as a draft; any other page of the server means that it has arrived.
  const KEPT = "yw-kept";
  const OF_THE_PAGE = ["csrfmiddlewaretoken", "token"];
  const owner = () => (find('meta[name="reader"]') || {}).content;
  const place = (form) =>
    form.matches("[data-draft]")
      ? form.getAttribute("hx-post") + "#" + (form.elements.namedItem("key") || {}).value
      : window.location.pathname;
  function forget() {
    try {
      window.sessionStorage.removeItem(KEPT);
    } catch {
      // Storage switched off: nothing was kept.
    }
  }
  const typed = (form) =>
    Array.from(new FormData(form)).filter(([name, value]) => typeof value === "string" && !OF_THE_PAGE.includes(name));
  const putAway = (form, fields) =>
    fetch(form.getAttribute("hx-post"), {
      method: "POST",
      credentials: "same-origin",
      keepalive: true,
      headers: { "X-CSRFToken": csrfMeta().content },
      body: new URLSearchParams(fields),
    });
  function keep(form) {
    try {
      window.sessionStorage.setItem(KEPT, JSON.stringify({ owner: owner(), place: place(form), fields: typed(form) }));
    } catch {
      // Storage switched off: the draft on the server has what was typed up to three seconds before.
    }
  }
  async function bringBack() {
    let kept = null;
    try {
      kept = JSON.parse(window.sessionStorage.getItem(KEPT));
    } catch {
      return;
    }
    if (!kept || !owner()) return;
    forget();
    const form = all(KEEPING).find((each) => place(each) === kept.place);
    if (!form || kept.owner !== owner() || find("[data-faults]") || refused()) return;
    if (!form.matches("[data-draft]")) {
      fill(form, kept.fields);
      return;
    }
    const answer = await putAway(form, kept.fields);
    // Asked for anew, never reloaded: a page that answered a form would send the form again.
    if (answer.status === 204) window.location.replace(window.location.pathname + window.location.search);
  }
  // A form that was sent and refused has arrived, and its words stand in the page.
  function refused() {
    const [asked] = performance.getEntriesByType("navigation");
    return Boolean(asked) && asked.responseStatus >= 400;
  }
  function fill(form, fields) {
    const given = (name) => fields.filter((each) => each[0] === name).map((each) => each[1]);
    Array.from(form.elements).forEach((input) => {
      if (!input.name || input.type === "file" || input.type === "hidden" || OF_THE_PAGE.includes(input.name)) return;
      const values = given(input.name);
      if (input.type === "radio" || input.type === "checkbox") input.checked = values.includes(input.value);
      else if (input.multiple) Array.from(input.options).forEach((each) => (each.selected = values.includes(each.value)));
      else if (values.length) input.value = values[0];
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    unsaved.set(form, true);
  }
  bringBack();
  // <a data-away>: a way out that cannot wait. What is typed becomes a draft, and nobody is asked whether to leave.
  document.addEventListener("click", (event) => {
    const form = event.target.closest("a[data-away]") && draftForms().find((each) => unsaved.get(each) && !sent.has(each));
    if (!form) return;
    putAway(form, typed(form)).catch(() => {});
    unsaved.delete(form);
    sent.add(form);
    window.setTimeout(() => sent.delete(form), 10000);
  });
  window.addEventListener("pagehide", () => {
    const form = draftForms().find((each) => unsaved.get(each) && !sent.has(each));
    if (form) keep(form);
  });

  function retryLater(form, renew) {
    if (form.dataset.retrying) return;
    form.dataset.retrying = "1";
    unsaved.set(form, true);
    window.setTimeout(async () => {
      delete form.dataset.retrying;
      if (renew) await renewToken();
      if (form.isConnected && window.htmx) window.htmx.trigger(form, "yw:draft");
    }, 8000);
  }

  // After signing in again in another window the page's token is stale: fetch the page once more and take its token.
  async function renewToken() {
    try {
      const answer = await fetch(window.location.href, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector('meta[name="csrf-token"]');
      if (!fresh || !csrfMeta()) return;
      csrfMeta().content = fresh.content;
      all('input[name="csrfmiddlewaretoken"]').forEach((input) => {
        input.value = fresh.content;
      });
    } catch {
      // Still no line: the next attempt will try again.
    }
  }
  window.addEventListener("online", () => draftForms().forEach((form) => window.htmx && window.htmx.trigger(form, "yw:draft")));
  window.addEventListener("beforeunload", (event) => {
    const waiting = all("form[data-draft], form[data-guard]").some((form) => unsaved.get(form) && !sent.has(form));
    if (waiting) event.preventDefault();
  });
})();
