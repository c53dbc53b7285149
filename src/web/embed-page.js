// The page for frames passes the parameters of its address to the element: ?outlet=…&section=…&from=…&size=…&q=….

const NAMES = ["outlet", "section", "from", "to", "size", "placeholder", "theme", "q"];

const element = document.querySelector("gisa-search");
const params = new URLSearchParams(location.search);
for (const name of NAMES) {
  if (params.has(name)) element.setAttribute(name, params.getAll(name).join(","));
}
const theme = params.get("theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
