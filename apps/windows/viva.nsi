; The program Viva for Windows: opens the interview's pages in an app window of the system's Edge or Chrome, with a profile of
; its own in which this one address has camera and microphone. Called with a viva:// link it opens that invitation.
;
; It is a small program made by NSIS, as the setup is: one tool builds both, on Linux, with the same bytes each time.

Unicode true
Target amd64-unicode
ManifestSupportedOS all
ManifestDPIAware true
RequestExecutionLevel user
SetCompressor /SOLID lzma
SetDateSave off
AutoCloseWindow true
XPStyle on
ShowInstDetails nevershow

!include FileFunc.nsh
!include nsDialogs.nsh
!include WinMessages.nsh
!define LINKS
!include address.nsh
!include browser.nsh

Name "Viva 面谈"
OutFile "${OUT}\Viva.exe"
Icon "${ICON}"
Caption "Viva 面谈"
BrandingText " "
!include version.nsh
VIAddVersionKey /LANG=0 "OriginalFilename" "Viva.exe"
VIAddVersionKey /LANG=0 "FileDescription" "Viva 面谈"

LoadLanguageFile "${NSISDIR}\Contrib\Language files\SimpChinese.nlf"
LoadLanguageFile "${NSISDIR}\Contrib\Language files\English.nlf"
!include texts.nsh

; The origin of the server; where to begin there; the browser; what is wrong with what was typed.
Var Server
Var Path
Var Browser
Var Field
Var Fault

Page custom AskPage AskLeave
Page custom LackPage
Page instfiles Done

${TEXT} AskTitle "请输入考试单位的面谈地址" "Type your institution's address for interviews"
${TEXT} AskHint "地址在短信或通知中，例如 exam.example.edu" "It stands in your message or notice, for example exam.example.edu"
${TEXT} AskWrong "这不是一个地址。请照短信中的内容完整输入。" "This is no address. Type it whole, as it stands in your message."
${TEXT} AskOpen "打开(&O)" "&Open"
${TEXT} Close "关闭(&C)" "&Close"
${TEXT} LinkFirst "这个链接要打开以下地址的面谈：$\n$\n$0$\n$\n该地址将可以使用摄像头和麦克风。只有在这是您的考试单位的地址时，才选择“是”。" "This link opens interviews at this address:$\n$\n$0$\n$\nIt will be able to use camera and microphone. Choose Yes only if this is your institution's address."
${TEXT} LinkOther "这个链接要打开的不是已设置的 $Server，而是另一个地址：$\n$\n$0$\n$\n该地址将可以使用摄像头和麦克风。只有在这是您的考试单位的地址时，才选择“是”。" "This link opens another address than $Server:$\n$\n$0$\n$\nIt will be able to use camera and microphone. Choose Yes only if this is your institution's address."
${TEXT} LackTitle "没有找到 Edge 或 Chrome 浏览器" "Neither Edge nor Chrome was found"
${TEXT} LackHint "面谈在这台电脑的 Edge 或 Chrome 浏览器中进行。请安装其中一个，然后重新打开“Viva 面谈”。也可以用您现有的其他浏览器打开面谈地址。" "Interviews run in this computer's Edge or Chrome. Install one of them and open Viva again. You may also open the address in another browser that you have."
${TEXT} LackEdge "下载 Microsoft Edge：https://www.microsoft.com/edge" "Get Microsoft Edge: https://www.microsoft.com/edge"
${TEXT} LackChrome "下载 Google Chrome：https://www.google.cn/chrome/" "Get Google Chrome: https://www.google.com/chrome/"
${TEXT} LackAnyway "用其他浏览器打开 $Server" "Open $Server in another browser"

Section
SectionEnd

Function .onInit
  StrCpy $Path "/"
  ReadINIStr $Server "$EXEDIR\viva.ini" "server" "address"
  ${Origin} $Server $Server
  ${GetParameters} $R0
  StrCpy $0 $R0 1
  ${If} $0 S== '"'
    StrCpy $R0 $R0 "" 1
    ${Cut} $R0 $0 $R0 `$\"`
  ${EndIf}
  StrCpy $0 $R0 7
  ${If} $0 == "viva://"
    Call FollowLink
  ${EndIf}
  Call FindBrowser
  Pop $Browser
  ${If} $Server S!= ""
  ${AndIf} $Browser S!= ""
    Call Start
    SetErrorLevel 0
    Quit
  ${EndIf}
FunctionEnd

; Where $R0 leads: to the known server at once, to another one after a question.
Function FollowLink
  ${Origin} $0 $R0
  ${IfThen} $0 S== "" ${|} Return ${|}
  ${If} $Server S== ""
    MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 $(LinkFirst) IDYES +2
    Quit
    StrCpy $Server $0
    WriteINIStr "$EXEDIR\viva.ini" "server" "address" $Server
  ${ElseIf} $Server S!= $0
    MessageBox MB_YESNO|MB_ICONEXCLAMATION|MB_DEFBUTTON2 $(LinkOther) IDYES +2
    Quit
    StrCpy $Server $0
  ${EndIf}
  ${CodeOf} $0 $R0
  ${IfThen} $0 S!= "" ${|} StrCpy $Path "/i#$0" ${|}
FunctionEnd

; The first start where nobody has said which server it is.
Function AskPage
  ${IfThen} $Server S!= "" ${|} Abort ${|}
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateLabel} 0 0 100% 24u $(AskTitle)
  Pop $0
  CreateFont $1 "$(^Font)" 12 600
  SendMessage $0 ${WM_SETFONT} $1 1
  ${NSD_CreateText} 0 32u 100% 14u ""
  Pop $Field
  SendMessage $Field ${EM_LIMITTEXT} 300 0
  ${NSD_CreateLabel} 0 50u 100% 24u $(AskHint)
  Pop $0
  ${NSD_CreateLabel} 0 78u 100% 24u ""
  Pop $Fault
  SetCtlColors $Fault 0xBF2C34 transparent
  GetDlgItem $0 $HWNDPARENT 1
  SendMessage $0 ${WM_SETTEXT} 0 "STR:$(AskOpen)"
  ${NSD_SetFocus} $Field
  nsDialogs::Show
FunctionEnd

Function AskLeave
  ${NSD_GetText} $Field $0
  ${Origin} $0 $0
  ${If} $0 S== ""
    ${NSD_SetText} $Fault $(AskWrong)
    ${NSD_SetFocus} $Field
    Abort
  ${EndIf}
  StrCpy $Server $0
  WriteINIStr "$EXEDIR\viva.ini" "server" "address" $Server
  ${If} $Browser S!= ""
    Call Start
    SetErrorLevel 0
    Quit
  ${EndIf}
FunctionEnd

; Neither browser is there.
Function LackPage
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateLabel} 0 0 100% 24u $(LackTitle)
  Pop $0
  CreateFont $1 "$(^Font)" 12 600
  SendMessage $0 ${WM_SETFONT} $1 1
  ${NSD_CreateLabel} 0 28u 100% 36u $(LackHint)
  Pop $0
  ${NSD_CreateLink} 0 70u 100% 12u $(LackEdge)
  Pop $0
  SetCtlColors $0 0x1C56B8 transparent
  ${NSD_OnClick} $0 OpenEdge
  ${NSD_CreateLink} 0 88u 100% 12u $(LackChrome)
  Pop $0
  SetCtlColors $0 0x1C56B8 transparent
  ${NSD_OnClick} $0 OpenChrome
  ${NSD_CreateLink} 0 106u 100% 12u $(LackAnyway)
  Pop $0
  SetCtlColors $0 0x1C56B8 transparent
  ${NSD_OnClick} $0 OpenAnyway
  GetDlgItem $0 $HWNDPARENT 1
  SendMessage $0 ${WM_SETTEXT} 0 "STR:$(Close)"
  GetDlgItem $0 $HWNDPARENT 2
  ShowWindow $0 ${SW_HIDE}
  GetDlgItem $0 $HWNDPARENT 3
  ShowWindow $0 ${SW_HIDE}
  nsDialogs::Show
FunctionEnd

Function OpenEdge
  Pop $0
  ExecShell "open" "https://www.microsoft.com/edge"
FunctionEnd

Function OpenChrome
  Pop $0
  ${If} $LANGUAGE = ${LANG_SIMPCHINESE}
    ExecShell "open" "https://www.google.cn/chrome/"
  ${Else}
    ExecShell "open" "https://www.google.com/chrome/"
  ${EndIf}
FunctionEnd

Function OpenAnyway
  Pop $0
  ExecShell "open" "$Server$Path"
FunctionEnd

Function Done
  SetErrorLevel 0
  Quit
FunctionEnd

Function Start
  Push $Server
  Call ProfileOf
  Pop $1
  Call GrantOnce
  Exec '"$Browser" "--app=$Server$Path" "--user-data-dir=$1" --no-first-run --no-default-browser-check'
FunctionEnd

; The profile in $1 begins with camera and microphone for $Server; what somebody changes there later stays.
Function GrantOnce
  ${If} ${FileExists} "$1\Default\Preferences"
    Return
  ${EndIf}
  ; The pattern of an address names its port.
  StrCpy $3 $Server
  StrCpy $2 $Server "" 6
  ${Cut} $4 $2 $2 ":"
  ${If} $2 S== ""
    StrCpy $4 $Server 5
    ${If} $4 S== "http:"
      StrCpy $3 "$Server:80"
    ${Else}
      StrCpy $3 "$Server:443"
    ${EndIf}
  ${EndIf}
  StrCpy $3 '{"$3,*":{"setting":1}}'
  CreateDirectory "$1\Default"
  FileOpen $2 "$1\Default\Preferences" w
  FileWrite $2 '{"profile":{"content_settings":{"exceptions":{"media_stream_camera":$3,"media_stream_mic":$3}}}}'
  FileClose $2
FunctionEnd
