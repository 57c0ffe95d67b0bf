-- Until when Telegram asked a bot to be quiet. One service is told, all that speak for the bot have to keep it.
create table telegram_pauses (
  bot_id bigint      primary key,
  until  timestamptz not null
);
