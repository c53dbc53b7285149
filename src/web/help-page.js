// The help page says it where the server keeps what is asked.

import { version } from "./api.js";
import { byId } from "./dom.js";

version().then(
  (served) => {
    byId("keeps-queries").hidden = served.keeps_queries !== true;
  },
  // Without an answer the page is what it was.
  () => {},
);
