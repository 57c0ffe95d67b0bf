import { type InvariantName } from '../../domain/invariant.ts'

/** Files, pictures, room and ratings. */
export const ofProducts = {
  'owned-files-are-kept': `
    select o.code as ref
      from entitlements e
      join orders o on o.id = e.order_id
      join product_files f on f.id = o.file_id
     where e.ended_at is null
       and (f.purged_at is not null or f.state not in ('ready', 'damaged'))`,
  'visible-is-verified': `
    select p.code as ref
      from visible_products p
      left join product_files f on f.id = p.current_file_id
      left join images i on i.id = p.image_id
     where f.state is distinct from 'ready'
        or f.purged_at is not null
        or f.product_id <> p.id
        or (i.id is not null and i.state not in ('ready', 'missing'))`,
  'quota-reserved': `
    select s.code as ref
      from sellers s
      left join (select p.seller_id, sum(f.reserved_bytes) as bytes
                   from product_files f
                   join products p on p.id = f.product_id
                  where f.reserved_bytes > 0
                  group by p.seller_id) held on held.seller_id = s.user_id
      left join (select seller_id, sum(declared_bytes) as bytes
                   from upload_sessions
                  where state in ('open', 'completing')
                  group by seller_id) sent on sent.seller_id = s.user_id
     where s.reserved_bytes <> coalesce(held.bytes, 0) + coalesce(sent.bytes, 0)`,
  'quota-used': `
    select s.code as ref
      from sellers s
      left join (select p.seller_id, sum(coalesce(f.size_bytes, 0) + coalesce(sent.bytes, 0)) as bytes
                   from products p
                   left join product_files f on f.id = p.current_file_id
                   left join (select product_id, sum(coalesce(original_bytes, 0) + cover_bytes + thumb_bytes) as bytes
                                from images
                               where source = 'sent'
                                 and state in ('ready', 'missing')
                               group by product_id) sent on sent.product_id = p.id
                  where p.status not in ('deleted', 'purged')
                  group by p.seller_id) kept on kept.seller_id = s.user_id
     where s.used_bytes <> greatest(least(coalesce(kept.bytes, 0), s.quota_bytes - s.reserved_bytes), 0)`,
  'ratings-add-up': `
    select code as ref
      from products
     where rating_sum not between reviews_count and 5 * reviews_count`,
} as const satisfies Partial<Record<InvariantName, string>>
