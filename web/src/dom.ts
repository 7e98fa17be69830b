// Nodes made of text: nothing here, or anywhere on the page, parses HTML.

type Child = Node | string;

/** Return an element; texts become text nodes, and attributes are set one by one. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** Return an element of the page's skeleton. */
export function found<T extends HTMLElement>(id: string): T {
  const node = document.getElementById(id);
  if (node === null) throw new Error(`the page lacks #${id}`);
  return node as T;
}

/** Return a button that does something. */
export function button(
  text: string,
  act: () => void,
  attributes: Record<string, string> = {},
): HTMLButtonElement {
  const node = el("button", { type: "button", ...attributes }, text);
  node.addEventListener("click", act);
  return node;
}

/** Return a text in which no number is torn from its thousands or its unit at a line end. */
export function tight(text: string): string {
  return text.replace(/(\d) (?=\d{3}(?!\d)|km|%)/g, "$1\u00a0").replaceAll(" ± ", "\u00a0±\u00a0");
}
