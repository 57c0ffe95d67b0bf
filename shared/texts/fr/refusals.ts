import { type CoverRefusal, type FileRefusal } from '../../domain/notice.ts'
import { type Html } from '../../telegram/html.ts'
import { phrase } from '../french.ts'

/** Why a file or a picture is not taken, each with what to do next. */
export const refusals = () => ({
  file: {
    empty: phrase`le fichier est vide. Envoyez un fichier qui contient quelque chose.`,
    'too large': phrase`le fichier dépasse la taille acceptée. Réduisez-le, ou compressez-le.`,
    'no extension': phrase`le nom du fichier n’a pas d’extension, comme .pdf ou .zip. Renommez-le et renvoyez-le.`,
    'blocked type': phrase`les programmes et scripts exécutables ne peuvent pas être vendus ici. Envoyez un document, une image, un son, une vidéo ou une archive.`,
    'unsupported type': phrase`ce type de fichier n’est pas pris en charge. Mettez-le dans une archive .zip, par exemple.`,
    'other content': phrase`le contenu ne correspond pas à l’extension du fichier. Vérifiez-le, puis exportez-le à nouveau.`,
    'protected document': phrase`le document s’ouvre avec un mot de passe, et nous ne pouvons pas le vérifier. Enregistrez-le sans mot de passe, ou mettez-le dans une archive .zip.`,
    executable: phrase`le fichier contient un programme sous un autre nom. Envoyez un fichier sans programme.`,
    'archive bomb': phrase`l’archive se déplie en une taille démesurée. Refaites-la avec moins de contenu.`,
    'damaged archive': phrase`l’archive est abîmée ou trop compliquée à lire. Refaites-la et renvoyez-la.`,
    'damaged on the way': phrase`il est arrivé abîmé. Renvoyez-le, s’il vous plaît.`,
    'gone from Telegram': phrase`Telegram ne nous donne plus ce fichier. Renvoyez-le, s’il vous plaît.`,
    'given up': phrase`il n’a pas pu être vérifié pendant des jours, par notre faute. Renvoyez-le, s’il vous plaît.`,
    'too soon': phrase`le fichier d’un produit se remplace une fois par heure au plus. Renvoyez-le plus tard.`,
    'too many versions': phrase`ce produit a déjà eu 50 versions, le maximum. Vous pouvez publier un nouveau produit.`,
    quota: phrase`votre espace est plein. Supprimez un produit ou remplacez un gros fichier, puis renvoyez-le.`,
  } satisfies Record<FileRefusal, Html>,
  cover: {
    empty: phrase`l’image est vide. Envoyez-en une autre.`,
    'not a picture': phrase`ce n’est pas une image JPG, PNG ou WebP. Convertissez-la et renvoyez-la.`,
    'too many bytes': phrase`l’image dépasse 5 Mo. Réduisez-la et renvoyez-la.`,
    'too small': phrase`l’image est trop petite : il faut au moins 200 × 200 pixels, et mieux encore 800 × 600.`,
    'too large': phrase`l’image est trop grande : 10 000 pixels par côté et 50 millions en tout, au plus.`,
    'too narrow': phrase`l’image est trop étirée : un côté ne peut dépasser dix fois l’autre.`,
    damaged: phrase`l’image est abîmée. Exportez-la à nouveau et renvoyez-la.`,
    'gone from Telegram': phrase`Telegram ne nous donne plus cette image. Renvoyez-la, s’il vous plaît.`,
    'given up': phrase`l’image n’a pas pu être préparée pendant des jours, par notre faute. Renvoyez-la, s’il vous plaît.`,
    quota: phrase`votre espace est plein. Supprimez un produit ou remplacez un gros fichier, puis renvoyez l’image.`,
  } satisfies Record<CoverRefusal, Html>,
})

export type RefusalTexts = ReturnType<typeof refusals>
