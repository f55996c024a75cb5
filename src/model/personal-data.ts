/**
 * The part of a document that is stored: all of it; all but the free-form objects and the signing link; or only the
 * documented fields. The setting `personalData`.
 */
export type PersonalData = 'keep' | 'drop' | 'minimal';
