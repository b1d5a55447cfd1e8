; What the setup and the program say, in Chinese and in English.

!macro TEXT NAME ZH EN
  LangString ${NAME} ${LANG_SIMPCHINESE} `${ZH}`
  LangString ${NAME} ${LANG_ENGLISH} `${EN}`
!macroend
!define TEXT "!insertmacro TEXT"
