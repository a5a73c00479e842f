/**
 * Series that the page begins with. Sources: R. Keeling et al., Scripps (carbon dioxide); NOAA (sea surface temperature);
 * SIDC Brussels (sunspots); G. Cobb, 1978 (the Nile); Federal Reserve (United States): public domain, as statsmodels packages
 * them. The shop is invented.
 */
export const SAMPLES = [
  { name: "shop_daily", title: "Shop with promotions", about: "invented, daily, promotions and prices known ahead" },
  { name: "elnino_monthly", title: "Sea temperature", about: "Pacific (El Niño), monthly, 1950 to 2010" },
  { name: "co2_weekly", title: "Carbon dioxide", about: "Mauna Loa, weekly, 1958 to 2001, with gaps" },
  { name: "us_macro_quarterly", title: "United States", about: "GDP, unemployment, prices, quarterly" },
  { name: "sunspots_yearly", title: "Sunspots", about: "yearly, 1700 to 2008" },
  { name: "nile_yearly", title: "The Nile", about: "flow at Aswan, yearly, 1871 to 1970" },
] as const;

type SampleName = (typeof SAMPLES)[number]["name"];

const TEXTS: Record<SampleName, () => Promise<{ default: string }>> = {
  elnino_monthly: () => import("./samples/elnino_monthly.csv", { with: { type: "text" } }),
  shop_daily: () => import("./samples/shop_daily.csv", { with: { type: "text" } }),
  co2_weekly: () => import("./samples/co2_weekly.csv", { with: { type: "text" } }),
  us_macro_quarterly: () => import("./samples/us_macro_quarterly.csv", { with: { type: "text" } }),
  sunspots_yearly: () => import("./samples/sunspots_yearly.csv", { with: { type: "text" } }),
  nile_yearly: () => import("./samples/nile_yearly.csv", { with: { type: "text" } }),
};

/** The CSV of a sample; undefined for a name that none has. */
export async function sampleText(name: string): Promise<string | undefined> {
  const sample = SAMPLES.find((one) => one.name === name);
  return sample === undefined ? undefined : (await TEXTS[sample.name]()).default;
}
