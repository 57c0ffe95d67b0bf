/** What an operator has to write into .env: the variables that have no default, of outside services nobody calls in tests. */
export const operatorSettings = {
  TELEGRAM_BOT_TOKEN: `123456:${'a'.repeat(35)}`,
  ADMIN_USER_ID: '1',
  NOWPAYMENTS_API_KEY: 'key',
  NOWPAYMENTS_IPN_SECRET: 'a-shared-word',
  IPN_CALLBACK_URL: 'https://shop.example/ipn/nowpayments',
  B2_ENDPOINT: 'https://files.shop.example',
  B2_BUCKET_NAME: 'comptoir',
  B2_KEY_ID: 'id',
  B2_APPLICATION_KEY: 'secret of the bucket',
} as const
