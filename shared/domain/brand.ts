declare const brand: unique symbol

/** A primitive that can only be made in one place: `Branded<string, 'OrderId'>` is no longer just any string. */
export type Branded<Value, Name extends string> = Value & { readonly [brand]: Name }
