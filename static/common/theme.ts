import { createStore } from "./store";

export type Theme = "system" | "light" | "dark";

const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** The chosen colour scheme. `theme-boot.ts` has put it into force before the first paint. */
export const theme = createStore<Theme>(themeInForce());

/** Changes with the scheme that is really shown, be it by choice or by the system: canvases are drawn anew then. */
export const schemeShown = createStore<"light" | "dark">(schemeInForce());

theme.subscribe((chosen) => {
  if (chosen === "system") {
    localStorage.removeItem("theme");
    delete document.documentElement.dataset["theme"];
  } else {
    localStorage.setItem("theme", chosen);
    document.documentElement.dataset["theme"] = chosen;
  }
  schemeShown.set(schemeInForce());
});

/** From system to light to dark and back. */
export function nextTheme(): void {
  theme.set(THEMES[(THEMES.indexOf(theme.get()) + 1) % THEMES.length]!);
}

darkWanted().addEventListener("change", () => schemeShown.set(schemeInForce()));

function themeInForce(): Theme {
  return THEMES.find((name) => name === document.documentElement.dataset["theme"]) ?? "system";
}

function schemeInForce(): "light" | "dark" {
  const chosen = themeInForce();
  if (chosen !== "system") return chosen;
  return darkWanted().matches ? "dark" : "light";
}

function darkWanted(): MediaQueryList {
  return matchMedia("(prefers-color-scheme: dark)");
}
