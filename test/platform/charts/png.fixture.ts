import fontPath from "@expo-google-fonts/ibm-plex-sans/400Regular/IBMPlexSans_400Regular.ttf" with { type: "file" };
import wasmPath from "@resvg/resvg-wasm/index_bg.wasm" with { type: "file" };
import { lineChart, svgToPng } from "../../../src/platform/charts";

const svg = lineChart({
  title: "From an executable",
  unit: "FIL",
  x: { startDay: 20_000 },
  series: [{ name: "supply", values: [1, 3, 2] }],
});
await Bun.write("chart.png", await svgToPng(svg, { scale: 1 }));
await Bun.write(Bun.stdout, JSON.stringify([fontPath, wasmPath]));
