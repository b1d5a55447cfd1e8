; Reading addresses and links that people, files and pages give: only what is known to be harmless passes. Characters are
; compared by their numbers: the comparisons of Windows' own tongue pass over some that nobody sees.

!include LogicLib.nsh
!include StrFunc.nsh
${Using:StrFunc} StrCase

!define OF_A_HOST "abcdefghijklmnopqrstuvwxyz0123456789.-"
!define OF_A_CODE "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"

; ${Only} FLAG TEXT CHARACTERS: 1 where the text holds nothing but these, else 0.
!macro Only FLAG TEXT CHARACTERS
  System::Call 'msvcrt::wcsspn(w "${TEXT}", w "${CHARACTERS}") i .s ? c'
  Exch $9
  Push $8
  StrLen $8 "${TEXT}"
  ${If} $8 = $9
    StrCpy $9 1
  ${Else}
    StrCpy $9 0
  ${EndIf}
  Pop $8
  Exch $9
  Pop ${FLAG}
!macroend
!define Only "!insertmacro Only"

; ${Cut} BEFORE AFTER TEXT CHARACTERS: what stands before the first of these characters, and what stands after it.
!macro Cut BEFORE AFTER TEXT CHARACTERS
  Push `${TEXT}`
  Push `${CHARACTERS}`
  Call Cut
  Pop ${AFTER}
  Pop ${BEFORE}
!macroend
!define Cut "!insertmacro Cut"

Function Cut
  Exch $0
  Exch
  Exch $1
  Push $2
  Push $3
  System::Call 'msvcrt::wcscspn(w r1, w r0) i .r2 ? c'
  StrCpy $0 $1 $2
  IntOp $2 $2 + 1
  StrLen $3 $1
  ${If} $2 > $3
    StrCpy $1 ""
  ${Else}
    StrCpy $1 $1 "" $2
  ${EndIf}
  Pop $3
  Pop $2
  ; The registers get back what they held; on the stack stand what was before, and above it what was after.
  Exch $1
  Exch
  Exch $0
  Exch
FunctionEnd

; Pops an address as a person writes it, with or without https://, with or without a path; pushes its origin, or nothing
; where it is none. This machine itself is the only one that may be asked without TLS.
Function Origin
  Exch $0
  Push $1
  Push $2
  Push $3
  Push $4
  ${StrCase} $0 $0 "L"
  ${Do}
    StrCpy $1 $0 1
    ${IfThen} $1 S!= " " ${|} ${ExitDo} ${|}
    StrCpy $0 $0 "" 1
  ${Loop}
  ${Do}
    StrCpy $1 $0 1 -1
    ${IfThen} $1 S!= " " ${|} ${ExitDo} ${|}
    StrCpy $0 $0 -1
  ${Loop}
  StrCpy $4 ""
  StrCpy $1 $0 8
  ${If} $1 S== "https://"
    StrCpy $4 "https"
    StrCpy $0 $0 "" 8
  ${Else}
    StrCpy $1 $0 7
    ${If} $1 S== "http://"
    ${OrIf} $1 S== "viva://"
      StrCpy $0 $0 "" 7
    ${EndIf}
  ${EndIf}
  ${Cut} $0 $1 $0 "/#?"
  ${Cut} $1 $2 $0 ":"
  ; $1 is the host, $2 the port.
  ${Only} $3 $1 "${OF_A_HOST}"
  StrLen $0 $1
  ${If} $0 > 253
  ${OrIf} $0 = 0
    StrCpy $3 0
  ${EndIf}
  StrCpy $0 $1 1
  ${If} $0 S== "."
  ${OrIf} $0 S== "-"
    StrCpy $3 0
  ${EndIf}
  StrLen $0 $2
  ${If} $0 > 0
  ${AndIf} $3 = 1
    ${Only} $3 $2 "0123456789"
    ${If} $0 > 5
    ${OrIf} $2 < 1
    ${OrIf} $2 > 65535
      StrCpy $3 0
    ${EndIf}
  ${EndIf}
  ${If} $3 = 0
    StrCpy $0 ""
  ${Else}
    StrCpy $0 "https://$1"
    ${If} $1 S== "localhost"
    ${OrIf} $1 S== "127.0.0.1"
      ${IfThen} $4 S== "" ${|} StrCpy $0 "http://$1" ${|}
    ${EndIf}
    ${IfThen} "$0:$2" S== "https://$1:443" ${|} StrCpy $2 "" ${|}
    ${IfThen} "$0:$2" S== "http://$1:80" ${|} StrCpy $2 "" ${|}
    ${IfThen} $2 S!= "" ${|} StrCpy $0 "$0:$2" ${|}
  ${EndIf}
  Pop $4
  Pop $3
  Pop $2
  Pop $1
  Exch $0
FunctionEnd
!macro Origin RESULT TEXT
  Push "${TEXT}"
  Call Origin
  Pop ${RESULT}
!macroend
!define Origin "!insertmacro Origin"

!ifdef LINKS
; Pops a link; pushes the invitation code behind its #, or nothing where there is none that can be one.
Function CodeOf
  Exch $0
  Push $1
  Push $2
  ${Cut} $1 $0 $0 "#"
  ${Only} $1 $0 "${OF_A_CODE}"
  StrLen $2 $0
  ${If} $1 = 0
  ${OrIf} $2 > 20
    StrCpy $0 ""
  ${EndIf}
  Pop $2
  Pop $1
  Exch $0
FunctionEnd
!macro CodeOf RESULT TEXT
  Push "${TEXT}"
  Call CodeOf
  Pop ${RESULT}
!macroend
!define CodeOf "!insertmacro CodeOf"
!endif
