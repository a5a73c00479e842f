import { svgToPng } from "../../../src/platform/charts";

declare const self: Worker;

self.onmessage = async ({ data }: MessageEvent<string>) => {
  const png = await svgToPng(data, { scale: 1 });
  self.postMessage(png, [png.buffer as ArrayBuffer]);
};
