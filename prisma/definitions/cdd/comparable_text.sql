-- Escapes of JSON such as `\"` and `\u00f8` become their characters, but surrogates and U+0000 do not: Postgres cannot convert
-- these. Letters lose their accents, and å and ø become a and o, because people write names in both ways.
create or replace function cdd.comparable_text(text text)
returns text
language sql
immutable
parallel safe
return regexp_replace(
  regexp_replace(
    translate(
      lower(
        normalize(
          unistr(
            regexp_replace(
              replace(text, '\\', ''),
              '\\(?!u(?:[1-9a-cA-CefEF][0-9a-fA-F]{3}|[dD][0-7][0-9a-fA-F]{2}|0[1-9a-fA-F][0-9a-fA-F]{2}|00[1-9a-fA-F][0-9a-fA-F]|000[1-9a-fA-F]))',
              '',
              'g'
            )
          ),
          nfkd
        )
      ),
      'øØđĐłŁı',
      'ooddlli'
    ),
    '[æÆ]',
    'ae',
    'g'
  ),
  '[\s./()+_\u0300-\u036f\u00ad\u200b-\u200f\u2010-\u2015-]+',
  '',
  'g'
);

comment on function cdd.comparable_text is 'A text, or a piece of JSON, without accents, capitals, spaces and the usual separators, to find a value in a text that writes it in another way.';
