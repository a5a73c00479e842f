/** The views of the page by the name that stands in the address as `tab`, in their order. */
export const TAB_TITLES = {
  offers: "Offers",
  leases: "Leases",
  provider: "Provider",
  chain: "Chain",
  admin: "Admin",
} as const;

export type TabName = keyof typeof TAB_TITLES;
export const TAB_NAMES = Object.keys(TAB_TITLES) as [TabName, ...TabName[]];
