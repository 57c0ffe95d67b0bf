import { explorerUrl } from '../../domain/transaction-hash.ts'
import { bold, code, dotted, escape, type Html, lines, link, paragraphs } from '../../telegram/html.ts'
import { asCaption, asMessage } from '../../telegram/text-length.ts'
import {
  type BatchFacts,
  type DueSellerFacts,
  type FailingPayoutFacts,
  type PayoutFacts,
  type SentPayoutFacts,
} from '../facts.ts'

import { type Format } from '../format.ts'
import { label, phrase } from '../french.ts'
import { name, saying } from '../people.ts'

const states = {
  prepared: label`à confirmer`,
  confirmed: label`à payer`,
  sent: label`payé`,
  settled: label`vu sur le réseau`,
  failed: label`échoué`,
  cancelled: label`annulé`,
  closed: label`clos`,
}

const obstacles = {
  frozen: label`versements bloqués par le vendeur`,
  suspended: label`compte suspendu`,
  'no address': label`pas d’adresse`,
  'address on hold': label`adresse changée il y a moins de 48 h`,
  'too little': label`sous le minimum`,
  'other address': label`le vendeur a une autre adresse`,
}

const mostOrders = 20

/** A transaction on Solana, where everybody can look at it. */
const onChain = (hash: string): Html => link(code(hash), explorerUrl('usdtsol', hash))

function orders(codes: readonly string[]): Html {
  const shown = codes.slice(0, mostOrders).map((one) => code(one))
  const more = codes.length - shown.length
  return dotted(...shown, more > 0 ? phrase`+ ${more}` : undefined)
}

/** What is about to be taken back; what was noted as paid is paid twice if it did arrive. */
function failing(format: Format, of: FailingPayoutFacts | null): Html | undefined {
  if (of === null) return undefined
  return of.hash === null
    ? phrase`Le versement de ${bold(format.money(of.cents))}, dont aucune transaction n’est notée.`
    : phrase`⚠️ ${bold(format.money(of.cents))} sont notés comme payés par la transaction ${onChain(of.hash)}. Soyez sûr qu’elle n’est pas arrivée : le montant sera payé à nouveau.`
}

/** Paying sellers: the lists of administrators, and what a seller reads of it. */
export const payouts = (format: Format) => ({
  button: label`💸 Versements`,
  due: (payable: readonly DueSellerFacts[], waiting: readonly DueSellerFacts[]): Html =>
    asCaption(
      paragraphs(
        phrase`💸 <b>Versements aux vendeurs</b>`,
        payable.length === 0
          ? phrase`Personne ne peut être payé maintenant.`
          : phrase`À payer : ${bold(format.money(payable.reduce((sum, { cents }) => sum + cents, 0n)))} à ${payable.length} vendeur(s)`,
        lines(
          ...payable
            .slice(0, 10)
            .map((one) => dotted(name(one.shopName), format.money(one.cents), format.date(one.since))),
          payable.length > 10 ? phrase`+ ${payable.length - 10}` : undefined,
        ),
        waiting.length === 0
          ? undefined
          : lines(
              phrase`Ne peuvent pas être payés :`,
              ...waiting
                .slice(0, 8)
                .map((one) =>
                  dotted(
                    name(one.shopName),
                    format.money(one.cents),
                    escape(one.obstacle === null ? '' : obstacles[one.obstacle]),
                  ),
                ),
              waiting.length > 8 ? phrase`+ ${waiting.length - 8}` : undefined,
            ),
      ),
    ),
  blocked: label`Les comptes ne tombent pas juste : rien n’est versé avant qu’un administrateur en prenne acte.`,
  nobody: label`Personne ne peut être payé maintenant.`,
  prepare: label`📝 Préparer un lot`,
  waiting: (batchCode: string): string => label`📝 Lot ${batchCode} à confirmer`,
  history: label`📚 Lots`,
  toPayouts: label`‹ Versements`,
  batches: (count: number, first: number, shown: readonly BatchFacts[]): Html =>
    asCaption(
      paragraphs(
        phrase`📚 <b>Lots de versements</b> · ${count}`,
        lines(
          ...shown.map((one, index) =>
            dotted(
              phrase`${first + index}.`,
              code(one.code),
              format.money(one.cents),
              escape(states[one.state]),
              format.date(one.createdAt),
            ),
          ),
        ),
      ),
    ),
  noBatches: phrase`Aucun lot n’a été préparé.`,
  batch: (of: BatchFacts, shown: readonly PayoutFacts[]): Html =>
    asCaption(
      paragraphs(
        lines(
          phrase`💸 <b>Lot ${code(of.code)}</b> · ${escape(states[of.state])}`,
          phrase`${bold(format.money(of.cents))} à ${of.count} vendeur(s) · ${format.moment(of.createdAt)}`,
        ),
        lines(
          ...shown.map((one) =>
            dotted(phrase`${one.number}.`, name(one.shopName), format.money(one.cents), escape(states[one.state])),
          ),
        ),
      ),
    ),
  confirmBatch: label`✅ Confirmer le lot`,
  cancelBatch: label`✖️ Annuler le lot`,
  askCancel: (of: BatchFacts): Html =>
    paragraphs(
      phrase`<b>Annuler le lot ${code(of.code)} ?</b> ${format.money(of.cents)} redeviennent disponibles.`,
      of.state === 'confirmed'
        ? phrase`⚠️ Il a été confirmé : quelqu’un a peut-être déjà payé. Si un envoi est parti, notez plutôt sa transaction, sinon son vendeur est payé deux fois.`
        : undefined,
    ),
  cancelNow: label`Oui, l’annuler`,
  export: label`📄 Liste (CSV)`,
  exported: (leftOut: number): string =>
    leftOut === 0
      ? label`Le fichier est au bas de la conversation.`
      : label`Le fichier est au bas de la conversation, sans ${leftOut} versement(s) à ne pas (ou plus) payer.`,
  askCode: (of: BatchFacts): Html =>
    paragraphs(
      phrase`<b>${format.money(of.cents)} à ${of.count} vendeur(s)</b> : pour confirmer, écrivez le code du lot.`,
      code(of.code),
    ),
  otherCode: phrase`Ce n’est pas le code de ce lot.`,
  confirmed: label`Confirmé. Payez, puis notez chaque transaction.`,
  changed: label`La liste a changé : préparez-la à nouveau.`,
  cancelled: label`Lot annulé : les parts sont de nouveau disponibles.`,
  tooLate: label`Trop tard : une transaction est notée, ou le lot est clos.`,
  payout: (of: PayoutFacts): Html =>
    asCaption(
      paragraphs(
        lines(
          phrase`💸 <b>Versement ${of.number}</b> · ${escape(states[of.state])}`,
          phrase`Vendeur ${name(of.shopName)} · ${bold(format.money(of.cents))} en USDT (Solana)`,
        ),
        code(of.address),
        of.txHash === null ? undefined : phrase`Transaction : ${onChain(of.txHash)}`,
        of.reason === '' ? undefined : phrase`Raison : ${saying(of.reason)}`,
        of.obstacle === null || of.state !== 'confirmed'
          ? undefined
          : phrase`⚠️ Ne payez pas : ${escape(obstacles[of.obstacle])}.`,
        of.orderCodes.length === 0 ? undefined : phrase`Commandes : ${orders(of.orderCodes)}`,
      ),
    ),
  enterHash: label`✅ Noter la transaction`,
  markFailed: label`✖️ Échoué`,
  markSettled: label`🔗 Vu sur le réseau`,
  toBatch: label`‹ Lot`,
  toBatches: label`‹ Lots`,
  askHash: (of: PayoutFacts): Html =>
    paragraphs(
      phrase`Quelle est la transaction du versement de ${bold(format.money(of.cents))} à cette adresse ?`,
      code(of.address),
    ),
  notHash: phrase`Ce n’est pas une transaction Solana (64 octets en base58) : copiez-la entière depuis le portefeuille.`,
  hashUsed: phrase`Cette transaction a déjà été notée pour un remboursement ou dans un autre lot.`,
  confirmHash: (of: PayoutFacts, hash: string): Html =>
    paragraphs(
      phrase`<b>Noter ce versement ?</b> ${name(of.shopName)} en sera prévenu.`,
      lines(bold(format.money(of.cents)), code(of.address), code(hash)),
    ),
  noted: label`Noté : le vendeur est prévenu.`,
  failedNoted: label`Noté : les parts sont de nouveau disponibles, le vendeur est prévenu.`,
  settledNoted: label`Noté.`,
  over: label`C’est déjà traité : le versement montre comment il s’est terminé.`,
  askWhyFailed: (of: FailingPayoutFacts | null): Html =>
    paragraphs(
      failing(format, of),
      phrase`Qu’est-ce qui a échoué, et que faut-il corriger ? De 10 à 300 caractères, que le vendeur lira.`,
    ),
  confirmReason: (reason: string, of: FailingPayoutFacts | null): Html =>
    paragraphs(failing(format, of), phrase`Le vendeur lira ceci :`, escape(reason)),

  sent: ({ cents, address, hash, orderCodes }: SentPayoutFacts): Html =>
    asMessage(
      paragraphs(
        phrase`💸 <b>${format.money(cents)} vous ont été versés</b> en USDT sur Solana.`,
        lines(phrase`Adresse : ${code(address)}`, phrase`Transaction : ${onChain(hash)}`),
        phrase`Commandes : ${orders(orderCodes)}`,
      ),
    ),
  failed: (cents: bigint, reason: string): Html =>
    paragraphs(
      phrase`⚠️ Le versement de ${bold(format.money(cents))} n’a pas abouti : le montant est de nouveau disponible.`,
      saying(reason),
    ),
  mine: label`📤 Mes versements`,
  own: (count: number, first: number, shown: readonly PayoutFacts[]): Html =>
    asCaption(
      paragraphs(
        phrase`📤 <b>Vos versements</b> · ${count}`,
        lines(
          ...shown.map((one, index) =>
            dotted(
              phrase`${first + index}.`,
              format.date(one.at),
              bold(format.money(one.cents)),
              escape(states[one.state]),
            ),
          ),
        ),
      ),
    ),
  noneOwn: phrase`📤 Aucun versement pour le moment : vos ventes vous sont payées à partir d’un montant minimum.`,
  ownOne: (of: PayoutFacts): Html =>
    asCaption(
      paragraphs(
        phrase`📤 <b>Versement du ${format.date(of.at)}</b> · ${escape(states[of.state])}`,
        phrase`${bold(format.money(of.cents))} en USDT (Solana), sans frais pour vous`,
        code(of.address),
        of.txHash === null ? undefined : phrase`Transaction : ${onChain(of.txHash)}`,
        of.reason === '' ? undefined : phrase`Raison : ${saying(of.reason)}`,
        of.orderCodes.length === 0 ? undefined : phrase`Commandes : ${orders(of.orderCodes)}`,
      ),
    ),
  toBalance: label`‹ Solde`,
  toMine: label`‹ Mes versements`,
  gone: label`Ce versement n’existe pas.`,
})

export type PayoutTexts = ReturnType<typeof payouts>
