// The hits before and after an open article, in the order of the list, over the ends of its pages.

import { search } from "./api.js";
import { allHits } from "./results.js";
import { pageCount, searchParams } from "./state.js";

/**
 * `answers` holds answers of lists by their parameters. The returned function gives, for the state of an open article,
 * `{at, previous, next}`: its number in the list, and the states of its neighbours or `null`; `null` if the list does not have it.
 */
export function createNeighbours(answers) {
  async function answerTo(state, signal) {
    const key = searchParams(state).toString();
    if (!answers.has(key)) answers.set(key, await search(state, signal));
    return answers.get(key);
  }

  return async (state, signal) => {
    const list = { ...state, article: "" };
    const answer = await answerTo(list, signal);
    const hits = allHits(answer);
    const at = hits.findIndex(({ id }) => id === state.article);
    if (at < 0) return null;
    const opened = (hit, page) => (hit ? { ...state, page, article: hit.id } : null);
    let previous = opened(hits[at - 1], state.page);
    let next = opened(hits[at + 1], state.page);
    if (!previous && state.page > 1) {
      const before = await answerTo({ ...list, page: state.page - 1 }, signal);
      previous = opened(before.hits.at(-1), state.page - 1);
    }
    if (!next && state.page < pageCount(answer.total, state.size)) {
      const after = await answerTo({ ...list, page: state.page + 1 }, signal);
      next = opened(after.hits[0], state.page + 1);
    }
    return { at: (state.page - 1) * state.size + at + 1, previous, next };
  };
}
