import './strict.ts'
import { startApp } from './app.ts'

startApp(document.body)
