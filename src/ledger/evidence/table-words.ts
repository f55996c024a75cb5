/** A table of the evidence for people: its heading, the meaning of its rows, and the columns that the page shows. */
export type TableWords = {
  heading: string;
  about: string;
  /** Text in place of a table without rows. */
  empty: string;
  /** None = the page has the links to the files only. */
  shown: readonly (readonly [column: string, heading: string])[];
};
