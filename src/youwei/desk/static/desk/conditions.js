// Shows a field of a step only for the answers it hangs on. Without script every field shows and the server judges.
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
      .filter((control) => !["radio", "checkbox"].includes(control.type) || control.checked)
      .map((control) => control.value)
      .filter((value) => value !== "");
  const holds = (clause) => {
    const given = answers(clause.name);
    if (clause.op === "given") return (given.length > 0) === (clause.values[0] === "yes");
    const found = given.some((value) => clause.values.includes(value));
    return clause.op === "not" ? !found : found;
  };
  const update = () => {
    Object.entries(conditions).forEach(([name, tables]) => {
      const place = box(name);
      if (place) place.hidden = !tables.some((clauses) => clauses.every(holds));
    });
  };
  form.addEventListener("input", update);
  form.addEventListener("change", update);
  update();
})();
