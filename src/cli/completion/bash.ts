import { type CompletedVerb, childrenOf, type Values } from './model.ts';

/** A script that completes cdd-sync's command line in bash 3.2 and later. */
export function bashScript(verbs: readonly CompletedVerb[]): string {
  return `# Completes cdd-sync in bash. Put into ~/.bashrc: source <(cdd-sync completion bash)
_cdd_sync() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} verb= word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${verb:+$verb }\${COMP_WORDS[i]}
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
  COMPREPLY=($(compgen -W "$1" -- "$current"))
}
_cdd_sync_accounts() {
  _cdd_sync_words "$("\${COMP_WORDS[0]}" completion accounts 2>/dev/null | cut -f 1)"
}
_cdd_sync_files() {
  compopt -o filenames 2>/dev/null
  local IFS=$'\\n'
  COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _cdd_sync cdd-sync`;
}

function optionCases({ path, options }: CompletedVerb): string[] {
  return options
    .filter(({ takesValue }) => takesValue)
    .map(({ names, values }) => {
      const places = names.map((name) => quoted([...path, name].join(' ')));
      return `    ${path.length === 0 ? places.map((place) => `' '${place}`).join('|') : places.join('|')}) ${call(values)}; return ;;`;
    });
}

function verbCase(verb: CompletedVerb, verbs: readonly CompletedVerb[]): string {
  const { path, options, values } = verb;
  const names = [...options.flatMap((option) => option.names), '--help'];
  const words = childrenOf(verb, verbs).flatMap((child) => child.path.at(-1) ?? []);
  const fixed = typeof values === 'object' && values !== null ? [...words, ...values] : words;
  const others = values === 'accounts' || values === 'files' ? call(values) : call(fixed);
  return `    ${quoted(path.join(' '))}) if [[ $current == -* ]]; then ${call(names)}; else ${others}; fi ;;`;
}

function call(values: Values): string {
  if (values === 'accounts') return '_cdd_sync_accounts';
  if (values === 'files') return '_cdd_sync_files';
  return values === null || values.length === 0 ? ':' : `_cdd_sync_words ${quoted(values.join(' '))}`;
}

/** Only words of the program itself: none has a quotation mark. */
function quoted(text: string): string {
  return `'${text}'`;
}
