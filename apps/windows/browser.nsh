; Where Edge and Chrome are, and the profile that a server has in them.

!include LogicLib.nsh

!macro Taken
  ; Some register themselves in quotes.
  StrCpy $1 $0 1
  ${If} $1 S== '"'
    StrCpy $0 $0 -1 1
  ${EndIf}
  ${IfThen} ${FileExists} $0 ${|} Goto found ${|}
!macroend

!macro Registered NAME
  ReadRegStr $0 HKCU "Software\Microsoft\Windows\CurrentVersion\App Paths\${NAME}" ""
  !insertmacro Taken
  ReadRegStr $0 HKLM "Software\Microsoft\Windows\CurrentVersion\App Paths\${NAME}" ""
  !insertmacro Taken
!macroend

!macro Usual PATH
  StrCpy $0 "$PROGRAMFILES64\${PATH}"
  !insertmacro Taken
  StrCpy $0 "$PROGRAMFILES32\${PATH}"
  !insertmacro Taken
  StrCpy $0 "$LOCALAPPDATA\${PATH}"
  !insertmacro Taken
!macroend

; Pushes the path of Edge or Chrome, or nothing: as they registered themselves, else where they are usually installed.
Function FindBrowser
  Push $0
  Push $1
  SetRegView 64
  !insertmacro Registered "msedge.exe"
  !insertmacro Usual "Microsoft\Edge\Application\msedge.exe"
  !insertmacro Registered "chrome.exe"
  !insertmacro Usual "Google\Chrome\Application\chrome.exe"
  StrCpy $0 ""
found:
  SetRegView lastused
  Pop $1
  Exch $0
FunctionEnd

; Pops an origin; pushes the folder of its profile: each server has one of its own.
Function ProfileOf
  Exch $0
  Push $1
  ${Cut} $1 $0 $0 ":"
  ; Behind the two slashes.
  StrCpy $0 $0 "" 2
  ${Cut} $0 $1 $0 ":"
  ${IfThen} $1 S!= "" ${|} StrCpy $0 "$0_$1" ${|}
  StrCpy $0 "$LOCALAPPDATA\Viva\$0"
  Pop $1
  Exch $0
FunctionEnd
