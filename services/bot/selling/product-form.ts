import { type CheckoutSettings } from '../checkout/checkout-deps.ts'
import { defineForm, type Form } from '../forms/define-form.ts'
import { coverStep } from './cover-step.ts'
import { changelogStep, fileStep, uploadStep } from './file-steps.ts'
import { pricedStep, priceStep } from './price-steps.ts'
import { isSameProduct, ownCard, type ProductFormData, productFormData } from './product-form-data.ts'
import { chooseStep, summaryStep } from './summary-steps.ts'
import { categoryStep, descriptionStep, titleStep } from './text-steps.ts'

const sevenDays = 7 * 24

/** Six questions and a summary. Every answer is in the product's own row, so a draft outlives the form. */
export const productForm = (settings: CheckoutSettings): Form<ProductFormData> =>
  defineForm({
    name: 'product',
    ttlHours: sevenDays,
    data: productFormData,
    steps: {
      title: { ...titleStep, number: 1 },
      description: { ...descriptionStep, number: 2 },
      category: { ...categoryStep, number: 3 },
      price: { ...priceStep, number: 4 },
      priced: pricedStep(settings),
      cover: { ...coverStep(settings), number: 5 },
      file: { ...fileStep, number: 6 },
      upload: uploadStep,
      summary: summaryStep,
      choose: chooseStep,
    },
    leave: ownCard,
    left: ({ productForm }) => productForm.left,
    isSame: isSameProduct,
  })

/** One question about a product that exists already, with the same checks. */
export const editProductForm = (settings: CheckoutSettings): Form<ProductFormData> =>
  defineForm({
    name: 'editProduct',
    ttlHours: 24,
    data: productFormData,
    steps: {
      title: titleStep,
      description: descriptionStep,
      category: categoryStep,
      price: priceStep,
      priced: pricedStep(settings),
      cover: coverStep(settings),
      changelog: changelogStep,
      file: fileStep,
      upload: uploadStep,
    },
    leave: ownCard,
    left: ({ productForm }) => productForm.editLeft,
  })
