// SPDX-License-Identifier: Apache-2.0
// Draws the charts of `connfate report --html` with Chart.js. Each <canvas data-chart="name"> shows
// the chart of that name in the JSON of #charts, whose shape is documented in html_charts.hpp. The
// colours are those of report.css, read again when the page turns dark or goes to paper.
"use strict";
(() => {
  const specs = JSON.parse(document.getElementById("charts").textContent);
  const charts = [];
  const colour = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const number = (value) => value.toLocaleString("en-US");

  const dataset = (spec, series) => {
    const plain = colour(series.colour);
    const marked = colour("mark");
    return {
      label: series.name,
      data: series.values,
      backgroundColor: series.values.map((_, i) => (spec.marked || []).includes(i) ? marked : plain),
      borderWidth: 0,
      maxBarThickness: 34,
      categoryPercentage: 0.86,
      barPercentage: 0.96,
      minBarLength: 2,
    };
  };

  // A category without trouble must not get the shortest bar of minBarLength.
  const emptied = (values) => values.map((value) => (value === 0 ? null : value));

  const options = (spec) => {
    const is_flat = spec.kind === "rows";
    const figures = {
      stacked: true, beginAtZero: true,
      grid: {color: colour("grid"), drawBorder: false},
      ticks: {
        color: colour("muted"), maxTicksLimit: is_flat ? 5 : 6,
        callback: (value) => Number.isInteger(value) || spec.unit
          ? number(value) + (spec.unit || "") : null,
      },
      title: {display: Boolean(spec.axis), text: spec.axis, color: colour("muted")},
      // The same for all: bars of one time stand above each other in two charts.
      afterFit: (scale) => { if (!is_flat) scale.width = 72; },
    };
    const names = {
      stacked: true,
      grid: {display: false, drawBorder: false},
      ticks: {color: colour("muted"), maxRotation: 0, autoSkip: !is_flat, autoSkipPadding: 14,
        callback(value) {
          const text = this.getLabelForValue(value);
          return text.length > 26 ? text.slice(0, 12) + "..." + text.slice(-11) : text;
        }},
    };
    return {
      animation: false, responsive: true, maintainAspectRatio: false,
      indexAxis: is_flat ? "y" : "x",
      interaction: {mode: "index", intersect: false, axis: is_flat ? "y" : "x"},
      scales: is_flat ? {x: figures, y: names} : {x: names, y: figures},
      plugins: {
        legend: {display: spec.series.length > 1, position: "top", align: "start",
          labels: {color: colour("text"), boxWidth: 12, boxHeight: 12}},
        tooltip: {
          filter: (item) => item.raw !== null,
          callbacks: {
            label: (item) => spec.notes ? spec.notes[item.dataIndex]
              : item.dataset.label + ": " + number(item.raw) + (spec.unit || ""),
          },
        },
      },
    };
  };

  const draw = () => {
    while (charts.length > 0) charts.pop().destroy();
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    for (const canvas of document.querySelectorAll("canvas[data-chart]")) {
      const spec = specs[canvas.dataset.chart];
      charts.push(new Chart(canvas, {
        type: "bar",
        data: {
          labels: spec.labels,
          datasets: spec.series.map((series) =>
            dataset(spec, {...series, values: emptied(series.values)})),
        },
        options: options(spec),
      }));
    }
  };

  const opened = [];
  addEventListener("beforeprint", () => {
    document.documentElement.dataset.paper = "";
    for (const one of document.querySelectorAll("details:not([open]):not([data-long])")) {
      one.open = true;
      opened.push(one);
    }
    draw();
  });
  addEventListener("afterprint", () => {
    delete document.documentElement.dataset.paper;
    while (opened.length > 0) opened.pop().open = false;
    draw();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  draw();
})();
