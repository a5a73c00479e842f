import { useStore } from "./store";
import { nextTheme, theme } from "./theme";

/** Says which colour scheme is chosen; a click chooses the next. */
export function ThemeButton() {
  const chosen = useStore(theme);
  const words = { system: "Auto", light: "Light", dark: "Dark" }[chosen];
  return (
    <button type="button" class="quiet theme" onClick={nextTheme} aria-label={`Colours: ${words}. Change`}>
      {words}
    </button>
  );
}
