; The setup of Viva for Windows: choose the folder, 下一步, additional shortcuts, 下一步, 完成. For the one who runs it, without
; administrator's rights; over an older one it is an upgrade. /S asks nothing, /LANG=zh-CN or /LANG=en takes another language than
; Windows', /D=FOLDER (the last of them) names the folder.

Unicode true
Target amd64-unicode
ManifestSupportedOS all
ManifestDPIAware true
RequestExecutionLevel user
SetCompressor /SOLID lzma
SetDateSave off

!include FileFunc.nsh
!include MUI2.nsh
!include nsDialogs.nsh
!include address.nsh

Name "Viva 面谈"
OutFile "${OUT}\Viva-Setup.exe"
InstallDir "$LOCALAPPDATA\Programs\Viva"
InstallDirRegKey HKCU "Software\Viva" "Folder"
BrandingText "Viva 面谈 ${VERSION}"
!include version.nsh
VIAddVersionKey /LANG=0 "OriginalFilename" "Viva-Setup.exe"
VIAddVersionKey /LANG=0 "FileDescription" "Viva 面谈 Setup"

; With a certificate, the uninstaller is signed as it is made.
!uninstfinalize '"${SIGN}" "%1"' = 0

!define REMOVAL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Viva"
!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING

; The origin of the server, or nothing; whether the desktop and the start menu get a shortcut.
Var Server
Var OnDesk
Var InMenu
Var DesktopBox
Var StartMenuBox

!define MUI_PAGE_CUSTOMFUNCTION_SHOW ShowServer
!define MUI_PAGE_CUSTOMFUNCTION_LEAVE FolderLeave
!define MUI_DIRECTORYPAGE_TEXT_TOP $(FolderText)
!insertmacro MUI_PAGE_DIRECTORY
Page custom ShortcutsPage ShortcutsLeave
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN "$INSTDIR\Viva.exe"
!define MUI_FINISHPAGE_RUN_TEXT $(RunNow)
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"
!insertmacro MUI_LANGUAGE "English"
!include texts.nsh

${TEXT} FolderText "将安装 $(^NameDA)。无需管理员权限。$\n$\n如需安装到其他文件夹，请点击“浏览”，然后点击“下一步”。$ServerText" "$(^NameDA) will be installed for you alone, without administrator's rights.$\n$\nTo install into another folder choose Browse, then Next.$ServerText"
${TEXT} FolderServer "$\n$\n面谈地址：" "$\n$\nInterviews at: "
${TEXT} FolderFault "不能写入这个文件夹。请选择您自己的文件夹。" "This folder cannot be written. Please choose one of your own."
${TEXT} ShortcutsTitle "附加快捷方式" "Additional shortcuts"
${TEXT} ShortcutsHint "选择要创建的快捷方式，然后继续。" "Choose the shortcuts to make, then go on."
${TEXT} OnDesktop "在桌面创建快捷方式(&D)" "Make a shortcut on the &desktop"
${TEXT} InStartMenu "在“开始”菜单创建快捷方式(&S)" "Make a shortcut in the &start menu"
${TEXT} RunNow "打开 Viva 面谈" "Open Viva"
${TEXT} StillOpen "请先关闭所有面谈窗口，然后重试。" "Please close all windows of interviews first, then try again."
Var ServerText

Section
  SetOutPath "$INSTDIR"
  File "${OUT}\Viva.exe"
  ${If} $Server S!= ""
    WriteINIStr "$INSTDIR\viva.ini" "server" "address" $Server
    ; Written now, not when Windows finds the time.
    FlushINI "$INSTDIR\viva.ini"
  ${EndIf}
  WriteUninstaller "$INSTDIR\Uninstall.exe"

  Delete "$DESKTOP\Viva 面谈.lnk"
  Delete "$SMPROGRAMS\Viva 面谈.lnk"
  ${If} $OnDesk = 1
    CreateShortcut "$DESKTOP\Viva 面谈.lnk" "$INSTDIR\Viva.exe"
  ${EndIf}
  ${If} $InMenu = 1
    CreateShortcut "$SMPROGRAMS\Viva 面谈.lnk" "$INSTDIR\Viva.exe"
  ${EndIf}

  WriteRegStr HKCU "Software\Viva" "Folder" "$INSTDIR"
  WriteRegDWORD HKCU "Software\Viva" "Desktop" $OnDesk
  WriteRegDWORD HKCU "Software\Viva" "StartMenu" $InMenu

  WriteRegStr HKCU "Software\Classes\viva" "" "URL:Viva 面谈"
  WriteRegStr HKCU "Software\Classes\viva" "URL Protocol" ""
  WriteRegStr HKCU "Software\Classes\viva\DefaultIcon" "" "$INSTDIR\Viva.exe,0"
  WriteRegStr HKCU "Software\Classes\viva\shell\open\command" "" '"$INSTDIR\Viva.exe" "%1"'

  WriteRegStr HKCU "${REMOVAL}" "DisplayName" "Viva 面谈"
  WriteRegStr HKCU "${REMOVAL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${REMOVAL}" "DisplayIcon" "$INSTDIR\Viva.exe,0"
  WriteRegStr HKCU "${REMOVAL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${REMOVAL}" "UninstallString" '"$INSTDIR\Uninstall.exe"'
  WriteRegStr HKCU "${REMOVAL}" "QuietUninstallString" '"$INSTDIR\Uninstall.exe" /S'
  WriteRegDWORD HKCU "${REMOVAL}" "NoModify" 1
  WriteRegDWORD HKCU "${REMOVAL}" "NoRepair" 1
SectionEnd

Function .onInit
  ${GetParameters} $0
  ${GetOptions} $0 "/LANG=" $0
  ${If} $0 == "zh-CN"
    StrCpy $LANGUAGE ${LANG_SIMPCHINESE}
  ${ElseIf} $0 == "en"
    StrCpy $LANGUAGE ${LANG_ENGLISH}
  ${EndIf}
  ; Whom this setup belongs to: a file beside it, else its own name, where somebody started it out of the zip; else the server
  ; that is installed already.
  ReadINIStr $0 "$EXEDIR\viva.ini" "server" "address"
  ${Origin} $Server $0
  ${If} $Server S== ""
    ${Cut} $0 $1 $EXEFILE "@"
    StrCpy $1 $1 -4
    ${Cut} $1 $0 $1 " ("
    ${Cut} $0 $1 $1 "_"
    ${IfThen} $1 S!= "" ${|} StrCpy $0 "$0:$1" ${|}
    ${Origin} $Server $0
  ${EndIf}
  ; What the one before was told stays so.
  StrCpy $OnDesk 1
  StrCpy $InMenu 1
  ClearErrors
  ReadRegDWORD $0 HKCU "Software\Viva" "Desktop"
  ${IfNot} ${Errors}
    StrCpy $OnDesk $0
    ReadRegDWORD $InMenu HKCU "Software\Viva" "StartMenu"
  ${EndIf}
FunctionEnd

Function ShowServer
  ${If} $Server S!= ""
    StrCpy $ServerText "$(FolderServer)$Server"
    SendMessage $mui.DirectoryPage.Text ${WM_SETTEXT} 0 "STR:$(FolderText)"
  ${EndIf}
FunctionEnd

; A folder that can be written, before anything is.
Function FolderLeave
  ClearErrors
  CreateDirectory "$INSTDIR"
  FileOpen $0 "$INSTDIR\.viva-setup" w
  ${If} ${Errors}
    MessageBox MB_OK|MB_ICONEXCLAMATION $(FolderFault)
    Abort
  ${EndIf}
  FileClose $0
  Delete "$INSTDIR\.viva-setup"
FunctionEnd

Function ShortcutsPage
  !insertmacro MUI_HEADER_TEXT $(ShortcutsTitle) $(ShortcutsHint)
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateCheckBox} 0 10u 100% 14u $(OnDesktop)
  Pop $DesktopBox
  SendMessage $DesktopBox ${BM_SETCHECK} $OnDesk 0
  ${NSD_CreateCheckBox} 0 30u 100% 14u $(InStartMenu)
  Pop $StartMenuBox
  SendMessage $StartMenuBox ${BM_SETCHECK} $InMenu 0
  ; 下一步, as the page before has it.
  GetDlgItem $0 $HWNDPARENT 1
  SendMessage $0 ${WM_SETTEXT} 0 "STR:$(^NextBtn)"
  nsDialogs::Show
FunctionEnd

Function ShortcutsLeave
  ${NSD_GetState} $DesktopBox $OnDesk
  ${NSD_GetState} $StartMenuBox $InMenu
FunctionEnd

Section Uninstall
  ; A running browser holds this file of its profile open.
  FindFirst $0 $1 "$LOCALAPPDATA\Viva\*.*"
  ${DoWhile} $1 S!= ""
    ${If} ${FileExists} "$LOCALAPPDATA\Viva\$1\lockfile"
again:
      ClearErrors
      Delete "$LOCALAPPDATA\Viva\$1\lockfile"
      ${If} ${Errors}
        MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION $(StillOpen) /SD IDCANCEL IDRETRY again
        FindClose $0
        Abort
      ${EndIf}
    ${EndIf}
    FindNext $0 $1
  ${Loop}
  FindClose $0

  ; In the folder that somebody chose may be more than ours.
  Delete "$INSTDIR\Viva.exe"
  Delete "$INSTDIR\viva.ini"
  Delete "$INSTDIR\Uninstall.exe"
  RMDir "$INSTDIR"
  ; Where nothing else was ever installed for this user; it stays where it is not empty.
  RMDir "$LOCALAPPDATA\Programs"
  RMDir /r "$LOCALAPPDATA\Viva"
  Delete "$DESKTOP\Viva 面谈.lnk"
  Delete "$SMPROGRAMS\Viva 面谈.lnk"
  DeleteRegKey HKCU "${REMOVAL}"
  DeleteRegKey HKCU "Software\Classes\viva"
  DeleteRegKey HKCU "Software\Viva"
SectionEnd
