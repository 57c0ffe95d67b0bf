import { bold, code, dotted, escape, type Html, lines, paragraphs } from '../../telegram/html.ts'
import { asCaption, cut } from '../../telegram/text-length.ts'
import { type FreezeFacts } from '../facts.ts'
import { type Format } from '../format.ts'
import { label, phrase } from '../french.ts'
import { name } from '../people.ts'
import { stamp } from '../stamp.ts'

const fields = { address: label`adresse`, email: label`e-mail` }

/** Sellers who said that a change was not theirs: what administrators see and do about it. */
export const freezes = (format: Format) => {
  const value = (text: string | null): Html => code(cut(text ?? '—', 60))

  return {
    /** On the home of administrators, as a button. */
    waiting: (count: number): string => label`🔒 Versements bloqués · ${count}`,
    list: (count: number): Html =>
      paragraphs(
        phrase`🔒 <b>Versements bloqués</b> · ${count}`,
        phrase`Ces vendeurs disent qu’un changement de leur compte n’est pas d’eux. Rien ne leur est versé tant que ce n’est pas vérifié.`,
      ),
    none: phrase`✅ Aucun versement n’est bloqué.`,
    entry: (shop: string, seller: string): string => label`${shop} · ${cut(seller, 30)}`,
    one: ({ sellerId, shop, name: seller, frozenAt, address, changes }: FreezeFacts): Html =>
      asCaption(
        paragraphs(
          phrase`🔒 ${bold(name(seller))} · ${code(shop)}`,
          lines(
            phrase`Telegram : ${code(String(sellerId))}`,
            phrase`Bloqué depuis : ${format.moment(frozenAt)}`,
            phrase`Versé à : ${value(address)}`,
          ),
          ...changes.map(({ field, old, new: now, at }) =>
            lines(dotted(code(stamp(at)), escape(fields[field])), phrase`${value(old)} → ${value(now)}`),
          ),
        ),
      ),
    lift: label`🔓 Débloquer`,
    ask: ({ name: seller, address }: FreezeFacts): Html =>
      paragraphs(
        phrase`🔓 <b>Débloquer les versements de ${name(seller)} ?</b>`,
        phrase`Ils iront à ${value(address)}. Assurez-vous d’abord, auprès du vendeur et par un autre chemin, que cette adresse est la sienne.`,
      ),
    liftNow: label`Vérifié : débloquer`,
    lifted: label`Les versements sont débloqués, et le vendeur le sait.`,
    changed: label`Quelque chose a changé depuis : regardez encore une fois.`,
    /** Told to the seller. */
    openAgain: phrase`🔓 Vos versements sont débloqués : un administrateur a vérifié votre compte. Relisez votre adresse dans les réglages de /sell.`,
  }
}

export type FreezeTexts = ReturnType<typeof freezes>
