/** The buttons of what a person may set about their own data. */
export const dataButtons = {
  myData: {},
  changeReceipts: {},
  stopReceipts: {},
}
