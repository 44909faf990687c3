/** Enough to recognise what is meant, and no more than fits on a line or two. */
const most = 60;

/** Text from outside, for a message: as it is, or its beginning and an ellipsis. It may be as long as a file. */
export const excerpt = (text: string): string =>
  // Not half of a character that takes two units.
  text.length > most ? `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…` : text;
