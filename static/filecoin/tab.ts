import { textCodec, urlStore } from "../common/url-state";

/** The tab that is shown: the store of the tabs themselves. */
export const tabStore = () => urlStore("tab", textCodec("compare"));
