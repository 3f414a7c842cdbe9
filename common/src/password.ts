import * as z from 'zod'

/** The commonest of at least 8 characters in lists of leaked passwords, and what this product suggests (NIST SP 800-63B §3.1.1.2). */
const commonest = new Set(
  `password password1 password12 password123 passw0rd 12345678 123456789 1234567890 11111111 00000000 87654321 1q2w3e4r 1q2w3e4r5t
   q1w2e3r4 1qaz2wsx zaq12wsx qwerty12 qwerty123 qwertyuiop qwertyui asdfghjkl abc12345 abcd1234 a1b2c3d4 iloveyou sunshine princess
   football baseball superman batman123 trustno1 letmein1 welcome1 welcome123 admin123 administrator changeme computer internet
   whatever starwars michelle jennifer jordan23 dragon123 monkey123 charlie1 charlie123 secret123 master123 shadow123 killer123
   asdf1234 qazwsxedc test1234 testtest user1234 guest123 p@ssw0rd p@ssword zxcvbnm123 karvdash karvdash1 jupyterlab kubernetes`.split(
    /\s+/,
  ),
)

/**
 * A password as NIST SP 800-63B §3.1.1.2 has it: at least 8 characters, at least 64 accepted, any character, no composition rules,
 * none of the commonest.
 */
export const NewPassword = z
  .string()
  .min(8, 'A password has at least 8 characters.')
  .max(256, 'A password has at most 256 characters.')
  .refine((password) => !commonest.has(password.toLowerCase()), 'This password is one of the commonest. Choose another.')

/** A password somebody claims to have. */
export const GivenPassword = z.string().min(1, 'Enter the password.').max(256, 'A password has at most 256 characters.')
