// Words that stay in an error text though they have capitals. No word here is a usual name: a person called so would
// stay too. Words in small letters stay anyway, unless they are quoted.

/** Each in the forms error, Error and ERROR; a code such as KYC_TIMEOUT stays if one part of it is among them. */
export const harmlessWords: readonly string[] = words(`
  aborted accepted access account accounts action active activity after aml and answer answered api application
  approval approved archived are array auth authentication authorization automatic avvist because before body boolean
  bytes call callback cancelled cancel cannot cdd check checks client closed code codes company completed conflict
  connect connection contract control could country created credit currency customer data database date declaration
  declined denied destination detail details different disabled dns document documents duplicate during each
  econnaborted econnrefused econnreset either email empty enabled enotfound entity epipe err error errors etimedout
  event events exceeded exception exists expected expired external failed failure false feil feilet fetch fields
  finished flag flags forbidden format found from function gateway had has have header host http https id identification
  identity identifier ids if ikke in inactive incomplete info information input integer internal invalid is it item
  items json kunne kyc length limit limited load login lookup manual many maximum message minimum mismatch missing
  monitoring more must need network no none not null number object only operation option options order organization
  organisasjonsnummer other output package parameter parse partner passed path payload payment payout pending pep
  permission please problem process processing product products property provider queue read reason received record
  reference refused register registry reject rejected remote report request requests required resource response
  result retry returned review risk rules see sanction sanctions schema scope screening second seconds sent server service
  session signature signed signing since size soap sql ssl started starting state status still stopped string subject
  success system task temporary terminated that the then there these they this timed timeout time times tls token too
  try type ubo unable unauthorized unavailable under undefined unexpected unknown unprocessable unreadable unreachable
  unsupported until updated upload upstream url user validation validate value values verification verified verify
  version waiting was webhook went were when while with without wrong xml you your
`);

/** Words with capitals inside: documented fields, and services that are no persons. */
export const mixedWords: readonly string[] = words(`
  callbackUrl countryCode organizationNumber referenceId requireContractSigning
  Altinn BankID Dintero OAuth PostgreSQL Quickr Signicat Vipps
`);

/** A person's data or a secret follows these words and a colon or an equals sign. */
export const tellingKeys: readonly string[] = words(`
  address adresse applicant authorization bearer birthdate birth born by city cookie customer director dob e-mail
  e-post email epost etternavn firstname fnr fodselsnummer fornavn fullname fødselsnummer jwt key kunde lastname mail
  mobil mobile namn name navn owner passord password person personnummer phone phonenumber postcode poststed secret
  session sig signatory signature signer ssn street surname telefon tlf token user username zip
`);

/** A name or a secret may follow these words directly. */
export const personWords: readonly string[] = words(`
  name navn namn customer kunde kunden applicant søker søkeren person personen signatory owner eier eieren user bruker
  brukeren director shareholder aksjonær aksjonæren signer beneficiary company firma firmaet selskap selskapet mr mrs ms
  hr herr fru frøken dr by bearer token password passord secret
`);

/** Words in small letters that follow such a word and are no name, beside the harmless ones. */
export const plainWords: readonly string[] = words(`
  a agent already also an another any as at att av be been but by can case cases code could data der det did diligence do does due eller
  en er et field fields finnes for fra funnet har have he hos i id ikke is it kan kunne må med men mangler na name names
  no nor of og om on or our over på record records samme screening should som structure til to under ugyldig ukjent
  var ved ville was which who will would ble er
`);

/** Months in English and Norwegian, and their short forms. */
export const months: readonly string[] = words(`
  january february march april may june july august september october november december
  januar februar mars mai juni juli oktober desember
  jan feb mar apr jun jul aug sep sept oct okt nov dec des
`);

/** A person's number, or the number of an address, follows these words. */
export const numberedKeys: readonly string[] = words(`
  postnummer postnr postcode zip postboks box pb born født fnr tlf mob pin otp
`);

/** A house number follows the end of these. */
export const streets: readonly string[] = words(`
  gate gata gaten gatan gade vei veien veg vegen vej väg vägen allé alle plass plassen torg torget bakken stien
  street road avenue lane strasse straße gt
`);

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
