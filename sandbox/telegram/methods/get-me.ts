import { botUser } from '../bots.ts'
import { type Method } from '../world.ts'

export const getMe: Method = ({ bot }) => ({
  ...botUser(bot),
  can_join_groups: true,
  can_read_all_group_messages: false,
  supports_guest_queries: false,
  supports_inline_queries: false,
  can_connect_to_business: false,
  has_main_web_app: false,
  has_topics_enabled: false,
  allows_users_to_create_topics: false,
  can_manage_bots: false,
  supports_join_request_queries: false,
})

/** A real bot leaves the cloud or its server; here there is nothing to leave, and the call succeeds. */
export const logOut: Method = () => true

export const close: Method = () => true
