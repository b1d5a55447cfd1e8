// What every page but the first needs beside its own parts.
import { addIcons } from './ui/icons'
import { MORE_ICONS } from './ui/more-icons'
import './whole.css'

addIcons(MORE_ICONS)
