import type { TableWords } from './table-words.ts';

/** The tables of the digest chain, by their names. */
export const CHAIN_WORDS: Readonly<Record<string, TableWords>> = {
  'digest-links': {
    heading: 'Links of the digest chain',
    about:
      'Each run that recorded something ends with a digest (SHA-256) over it and over the digest before. These are the links that vouch for the rows of this case, the first one, and the newest one at the time above. If the sender published the newest digest, nobody can have changed the rows since without its being found.',
    empty: 'The account had no digest chain yet.',
    shown: [
      ['number', 'Link'],
      ['kind', 'Of'],
      ['linked_at', 'Made'],
      ['digest', 'Digest'],
    ],
  },
  'digest-leaves': {
    heading: 'Leaves of the case',
    about:
      'One digest for each time at which rows of the case were recorded or closed. They stay when the case is erased.',
    empty: 'There were none yet.',
    shown: [],
  },
  'digest-rows': {
    heading: 'Digests of its rows',
    about:
      'A leaf is the digest of these. They can be computed again from the rows of the changes of status, the problems and the documents, but for rows that were erased since. Those of the events cannot: signing links are left out of them. The sender can show these in the database.',
    empty: 'There were none yet.',
    shown: [],
  },
  'digest-revisions': {
    heading: 'Documents as they are digested',
    about: 'The fields of the documents in the form of which their digests are made, with ids in place of the events.',
    empty: 'There were none.',
    shown: [],
  },
  'digest-batches': {
    heading: 'Digests of the batches',
    about: 'A batch is what a run recorded at one time. Its digest is made of the leaves of all cases in it.',
    empty: 'There were none yet.',
    shown: [],
  },
  'digest-other-leaves': {
    heading: 'Leaves of other cases in these batches',
    about: 'Only ids and digests, without which the digests of the batches could not be computed again.',
    empty: 'There were none.',
    shown: [],
  },
};
