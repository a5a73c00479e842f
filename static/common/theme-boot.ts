// Runs before the first paint, as a plain script of its own, so that a chosen scheme never flashes as the other one.
const chosen = localStorage.getItem("theme");
if (chosen === "light" || chosen === "dark") document.documentElement.dataset["theme"] = chosen;
