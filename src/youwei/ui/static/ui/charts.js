// Draws every <div data-chart="ID"> from <script type="application/json" id="ID">: ECharts options without colours.
// Colours and font are read from the tokens; the tooltip is drawn on the canvas; nothing moves.
(() => {
  "use strict";

  const drawn = new Map();

  function token(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function dressAxis(axis) {
    if (!axis) return axis;
    const one = (a) => ({
      ...a,
      axisLine: { show: a.type === "category", lineStyle: { color: token("--yw-line-strong") }, ...a.axisLine },
      axisTick: { show: false, ...a.axisTick },
      axisLabel: { color: token("--yw-ink-2"), fontSize: 12, ...a.axisLabel },
      splitLine: { lineStyle: { color: token("--yw-line") }, ...a.splitLine },
    });
    return Array.isArray(axis) ? axis.map(one) : one(axis);
  }

  // Neighbours are told apart in greyscale and in print too: side by side dark and light in turn; parts of a whole (stacked) in the order of the
  // tokens, the heaviest darkest, with a gap between them.
  const BESIDE = ["--yw-heat-5", "--yw-heat-3", "--yw-heat-4", "--yw-heat-2"];
  const STACKED = ["--yw-heat-2", "--yw-heat-3", "--yw-heat-4", "--yw-heat-5"];

  function parted(series) {
    return series.stack ? { ...series, itemStyle: { borderColor: token("--yw-surface"), borderWidth: 1, ...series.itemStyle } } : series;
  }

  function dress(options) {
    return {
      animation: false,
      color: (options.series.some((one) => one.stack) ? STACKED : BESIDE).map(token),
      backgroundColor: "transparent",
      textStyle: { fontFamily: token("--yw-font"), color: token("--yw-ink") },
      grid: { left: 8, right: 40, top: 36, bottom: 8, containLabel: true },
      ...options,
      legend: options.legend && {
        right: 8,
        top: 0,
        itemWidth: 12,
        itemHeight: 8,
        ...options.legend,
        textStyle: { color: token("--yw-ink-2"), fontSize: 12 },
      },
      tooltip: {
        trigger: "axis",
        axisPointer: { type: "shadow", shadowStyle: { color: token("--yw-line"), opacity: 0.35 } },
        ...options.tooltip,
        renderMode: "richText",
        backgroundColor: token("--yw-surface"),
        borderColor: token("--yw-line-strong"),
        textStyle: { color: token("--yw-ink"), fontSize: 12 },
      },
      series: options.series.map(parted),
      xAxis: dressAxis(options.xAxis),
      yAxis: dressAxis(options.yAxis),
    };
  }

  function draw(box) {
    const source = document.getElementById(box.dataset.chart);
    if (!source || !window.echarts || drawn.has(box)) return;
    const chart = window.echarts.init(box, null, { renderer: "canvas" });
    const options = JSON.parse(source.textContent);
    drawn.set(box, { chart, options });
    chart.setOption(dress(options));
  }

  function drawAll(root) {
    for (const [box, { chart }] of drawn) {
      if (!box.isConnected) {
        chart.dispose();
        drawn.delete(box);
      }
    }
    root.querySelectorAll("[data-chart]").forEach(draw);
  }

  drawAll(document);
  document.addEventListener("htmx:afterSettle", () => drawAll(document));
  document.addEventListener("yw:theme", () => {
    for (const { chart, options } of drawn.values()) chart.setOption(dress(options), true);
  });
  let waiting = 0;
  window.addEventListener("resize", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => drawn.forEach(({ chart }) => chart.resize()), 150);
  });
})();
