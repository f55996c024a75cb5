import packageContent from '../package.json' with { type: 'json' };

/** What `npm start` starts Node with. */
export const startFlags = packageContent.scripts.start.split(' ').filter((word) => word.startsWith('--'));
