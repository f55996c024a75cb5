import { type CompletedOption, type CompletedVerb, childrenOf, type Values } from './model.ts';

/** A script that completes cdd-sync's command line in zsh. */
export function zshScript(verbs: readonly CompletedVerb[]): string {
  return `#compdef cdd-sync
# Completes cdd-sync in zsh. Put into ~/.zshrc, behind compinit: source <(cdd-sync completion zsh)
_cdd_sync() {
  emulate -L zsh
  local current=$words[CURRENT] previous=$words[CURRENT-1] verb= word i
  local -a found
  for ((i = 2; i < CURRENT; i++)); do
    word=\${verb:+$verb }$words[i]
    case $word in
      ${verbs.flatMap(({ path }) => (path.length === 0 ? [] : quoted(path.join(' ')))).join('|')}) verb=$word ;;
    esac
  done
  case "$verb $previous" in
${verbs.flatMap((verb) => optionCases(verb)).join('\n')}
  esac
  case "$verb" in
${verbs.map((verb) => verbCase(verb, verbs)).join('\n')}
  esac
}
_cdd_sync_words() {
  found=("$@")
  (( $#found )) && _describe -t values cdd-sync found
}
_cdd_sync_accounts() {
  local id label
  found=()
  while IFS=$'\\t' read -r id label; do
    found+=("$id:$label")
  done < <("$words[1]" completion accounts 2>/dev/null)
  (( $#found )) && _describe -t accounts account found
}
if [[ $funcstack[1] == _cdd_sync ]]; then
  _cdd_sync "$@"
else
  compdef _cdd_sync cdd-sync
fi`;
}

function optionCases({ path, options }: CompletedVerb): string[] {
  return options
    .filter(({ takesValue }) => takesValue)
    .map(({ names, values }) => {
      const places = names.map((name) => quoted(`${path.join(' ')} ${name}`));
      return `    ${places.join('|')}) ${call(values)}; return ;;`;
    });
}

function verbCase(verb: CompletedVerb, verbs: readonly CompletedVerb[]): string {
  const { path, options, values } = verb;
  const described = [...options.flatMap(optionWords), '--help:display help for command'];
  const words = childrenOf(verb, verbs).map((child) => `${child.path.at(-1)}:${child.description}`);
  const fixed = typeof values === 'object' && values !== null ? [...words, ...values] : words;
  const others = values === 'accounts' || values === 'files' ? call(values) : call(fixed);
  return `    ${quoted(path.join(' '))}) if [[ $current == -* ]]; then ${call(described)}; else ${others}; fi ;;`;
}

function optionWords({ names, description }: CompletedOption): string[] {
  return names.map((name) => `${name}:${description}`);
}

function call(values: Values): string {
  if (values === 'accounts') return '_cdd_sync_accounts';
  if (values === 'files') return '_files';
  return values === null || values.length === 0 ? ':' : `_cdd_sync_words ${values.map(quoted).join(' ')}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
