import { examineBroker } from '../../shared/messaging/examine-broker.ts'
import { type Finding, ok, unknown, warning, wrong } from './finding.ts'
import { type Settings } from './read-settings.ts'

export async function checkBroker({ nats }: Settings): Promise<Finding[]> {
  if (nats === undefined) return []
  const facts = await examineBroker(nats.servers)
  switch (facts.kind) {
    case 'unreachable':
      return [wrong('nats', `no NATS answers: ${facts.reason}`, 'check NATS_URL and that nats-server runs')]
    case 'refused':
      return [wrong('nats', `NATS refused us: ${facts.reason}`, 'check user and password in NATS_URL')]
    case 'no jetstream':
      return [
        wrong('nats', `NATS has no JetStream: ${facts.reason}`, 'start nats-server with `-js` or a jetstream section'),
      ]
    case 'ok':
      return [
        ok('nats', `NATS ${facts.version} with JetStream`),
        ...streamFindings(facts.missingStreams),
        syncFinding(facts.sync),
      ]
  }
}

const streamFindings = (missing: readonly string[]): Finding[] =>
  missing.length === 0
    ? [ok('nats', 'every stream is there')]
    : [warning('nats', `streams are missing: ${missing.join(', ')}`, 'start the services: they make them')]

function syncFinding(sync: 'always' | 'unknown' | { readonly everySeconds: number }): Finding {
  if (sync === 'always') return ok('nats', 'NATS writes to the disk before it answers')
  if (sync === 'unknown')
    return unknown(
      'nats',
      'whether NATS writes to the disk before it answers: its monitoring port is not to be reached',
    )
  const says = `NATS writes to the disk every ${sync.everySeconds} s: a power failure loses bells, which are then rung again`
  return warning('nats', says, 'set `sync_interval: always` in its jetstream section')
}
