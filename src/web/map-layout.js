// A small layout for a map: names that stand together lie near each other, and none covers another. The same names always lie alike.

const ROUNDS = 300;
const ROUNDS_APART = 120;
/** Height of a name with its mark, in pixels. */
const TALL = 44;

/**
 * Places for nodes that are `widths` wide in a picture of `width` by `height`. `lines` are `{first, second, weight}`, weights from 0
 * to 1. Nodes begin on a spiral, push each other away, and are drawn together by their lines, less in each round; then what still
 * overlaps is moved apart.
 */
export function layOut(widths, lines, width, height) {
  const count = widths.length;
  const ideal = Math.sqrt((width * height) / Math.max(count, 1)) * 0.75;
  const nodes = widths.map((_, at) => {
    const angle = at * 2.399963;
    const distance = Math.sqrt((at + 0.5) / count) * 0.45;
    return { x: width / 2 + Math.cos(angle) * distance * width, y: height / 2 + Math.sin(angle) * distance * height };
  });
  for (let round = 0; round < ROUNDS; round += 1) {
    const moves = nodes.map(({ x, y }) => ({ x: (width / 2 - x) * 0.08, y: (height / 2 - y) * 0.12 }));
    eachTwo(nodes, (a, b, x, y) => {
      const distance = Math.max(Math.hypot(x, y), 1);
      // Groups that no line joins need not flee to the corners.
      if (distance > 2.5 * ideal) return;
      move(moves, a, b, x, y, (ideal / distance) ** 2);
    });
    for (const { first, second, weight } of lines) {
      const x = nodes[first].x - nodes[second].x;
      const y = nodes[first].y - nodes[second].y;
      move(moves, first, second, x, y, (-Math.hypot(x, y) / ideal) * (0.04 + 0.2 * weight));
    }
    const most = (ideal / 4) * (1 - round / ROUNDS);
    nodes.forEach((node, at) => {
      const length = Math.hypot(moves[at].x, moves[at].y) || 1;
      node.x += (moves[at].x / length) * Math.min(length, most);
      node.y += (moves[at].y / length) * Math.min(length, most);
    });
  }
  fit(nodes, widths, width, height);
  for (let round = 0; round < ROUNDS_APART; round += 1) {
    keepApart(nodes, widths);
    keepInside(nodes, widths, width, height);
  }
  return nodes;
}

function eachTwo(nodes, visit) {
  for (let a = 0; a < nodes.length; a += 1) {
    for (let b = a + 1; b < nodes.length; b += 1) visit(a, b, nodes[a].x - nodes[b].x || 0.1, nodes[a].y - nodes[b].y || 0.1);
  }
}

/** Moves two nodes apart along the line between them, or together where `force` is negative. */
function move(moves, a, b, x, y, force) {
  moves[a].x += x * force;
  moves[a].y += y * force;
  moves[b].x -= x * force;
  moves[b].y -= y * force;
}

/** Spreads the nodes over the picture; a few need not lie in the corners. */
function fit(nodes, widths, width, height) {
  const slack = 0.3 * (Math.max(0, 12 - nodes.length) / 12);
  const spread = (name, size, margin) => {
    const values = nodes.map((node) => node[name]);
    const least = Math.min(...values);
    const span = Math.max(...values) - least;
    for (const node of nodes) {
      const share = span > 0 ? (node[name] - least) / span : 0.5;
      node[name] = margin + share * (size - 2 * margin);
    }
  };
  spread("x", width, Math.max(...widths, 0) / 2 + slack * width);
  spread("y", height, TALL / 2 + slack * height);
}

/** Moves names that overlap apart, the shorter way. */
function keepApart(nodes, widths) {
  eachTwo(nodes, (a, b, x, y) => {
    const over = { x: (widths[a] + widths[b]) / 2 - Math.abs(x), y: TALL - Math.abs(y) };
    if (over.x <= 0 || over.y <= 0) return;
    const name = over.x < over.y ? "x" : "y";
    const half = (over[name] / 2) * Math.sign(name === "x" ? x : y);
    nodes[a][name] += half;
    nodes[b][name] -= half;
  });
}

function keepInside(nodes, widths, width, height) {
  const within = (value, least, most) => Math.min(Math.max(value, least), most);
  nodes.forEach((node, at) => {
    const margin = widths[at] / 2 + 2;
    node.x = within(node.x, margin, width - margin);
    node.y = within(node.y, TALL / 2, height - TALL + 6);
  });
}
