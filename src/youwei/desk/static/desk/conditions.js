// Shows a field of a step only for the answers it hangs on, and sends only what shows: what was typed for another answer stays in the page,
// and in the draft, but nobody could clear it away where it does not show. Without script every field shows and the server judges.
(() => {
  "use strict";
  const source = document.getElementById("conditions");
  if (!source) return;
  const conditions = JSON.parse(source.textContent);
  const form = source.closest("form");
  const box = (name) => {
    const control = form.querySelector('[name="' + name + '"], [name^="' + name + '-"]');
    return control ? control.closest('[class*="yw-f-"]') : null;
  };
  const answers = (name) =>
    Array.from(form.querySelectorAll('[name="' + name + '"]'))
      .filter((control) => !control.closest('[class*="yw-f-"][hidden]'))
      .filter((control) => !["radio", "checkbox"].includes(control.type) || control.checked)
      .map((control) => control.value)
      .filter((value) => value !== "");
  const holds = (clause) => {
    const given = answers(clause.name);
    if (clause.op === "given") return (given.length > 0) === (clause.values[0] === "yes");
    const found = given.some((value) => clause.values.includes(value));
    return clause.op === "not" ? !found : found;
  };
  // In the order of the form, where a field stands behind what it hangs on: what does not show answers nothing.
  const update = () => {
    Object.entries(conditions).forEach(([name, tables]) => {
      const place = box(name);
      if (place) place.hidden = !tables.some((clauses) => clauses.every(holds));
    });
  };
  let sending = false;
  window.addEventListener("submit", (event) => {
    sending = event.target === form && !event.defaultPrevented;
  });
  form.addEventListener("formdata", (event) => {
    if (!sending) return;
    sending = false;
    Object.keys(conditions).forEach((name) => {
      const place = box(name);
      if (place && place.hidden) place.querySelectorAll("[name]").forEach((control) => event.formData.delete(control.name));
    });
  });
  form.addEventListener("input", update);
  form.addEventListener("change", update);
  update();
})();
