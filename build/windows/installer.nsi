; Installs Consentry for the person who starts it, without rights of an administrator. What the program keeps lies in
; another folder, and stays when it is removed. See build/dist/windows.go for what is put in.
Unicode true
Target amd64-unicode
!include MUI2.nsh

Name "Consentry"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\Consentry"
InstallDirRegKey HKCU "Software\Consentry" "Folder"
RequestExecutionLevel user
SetCompressor /SOLID lzma
ManifestDPIAware true

VIProductVersion "${NUMBERS}"
VIAddVersionKey "ProductName" "Consentry"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "Installs Consentry"
VIAddVersionKey "LegalCopyright" "Consentry's authors, Apache License 2.0"

!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Consentry"
!define MUI_ICON "icon.ico"
!define MUI_UNICON "icon.ico"
!define MUI_WELCOMEPAGE_TEXT "$(Welcome)"
!define MUI_FINISHPAGE_RUN "$INSTDIR\consentry-window.exe"
!define MUI_UNCONFIRMPAGE_TEXT_TOP "$(Removal)"

!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_LICENSE "LICENSE.txt"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
; The first one is for who reads none of the others.
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Swedish"
!insertmacro MUI_LANGUAGE "German"
!insertmacro MUI_LANGUAGE "Georgian"

LangString Welcome ${LANG_ENGLISH} "Consentry shows you your accounts at all your banks in one place, and keeps you in charge of who may read what.$\r$\n$\r$\nClose it if it is running, and go on."
LangString Welcome ${LANG_SWEDISH} "Consentry visar dina konton hos alla dina banker på ett ställe, och låter dig bestämma vem som får läsa vad.$\r$\n$\r$\nStäng programmet om det är igång och fortsätt."
LangString Welcome ${LANG_GERMAN} "Consentry zeigt Ihnen Ihre Konten bei allen Ihren Banken an einem Ort, und Sie bestimmen, wer was lesen darf.$\r$\n$\r$\nSchließen Sie das Programm, falls es läuft, und fahren Sie fort."
LangString Welcome ${LANG_GEORGIAN} "Consentry ერთ ადგილას გაჩვენებთ თქვენს ანგარიშებს ყველა ბანკში, და თქვენ წყვეტთ, ვის რისი წაკითხვა შეუძლია.$\r$\n$\r$\nთუ პროგრამა გაშვებულია, დახურეთ და განაგრძეთ."

LangString Removal ${LANG_ENGLISH} "The program is removed. What it keeps, in $APPDATA\consentry, stays: to remove that, too, withdraw your consents in Consentry first, so that the banks know, and remove the folder."
LangString Removal ${LANG_SWEDISH} "Programmet tas bort. Det som det sparar, i $APPDATA\consentry, blir kvar: vill du ta bort även det, återkalla först dina samtycken i Consentry, så att bankerna får veta det, och ta sedan bort mappen."
LangString Removal ${LANG_GERMAN} "Das Programm wird entfernt. Was es aufbewahrt, in $APPDATA\consentry, bleibt: Um auch das zu entfernen, widerrufen Sie zuerst Ihre Einwilligungen in Consentry, damit die Banken es erfahren, und entfernen Sie dann den Ordner."
LangString Removal ${LANG_GEORGIAN} "პროგრამა ამოღებული იქნება. რასაც ის ინახავს, საქაღალდეში $APPDATA\consentry, რჩება: მის ამოსაღებად ჯერ Consentry-ში გამოითხოვეთ თქვენი თანხმობები, რომ ბანკებმა გაიგონ, და შემდეგ წაშალეთ საქაღალდე."

Section "Consentry"
	SetOutPath "$INSTDIR"
	File "consentry.exe"
	File "consentry-window.exe"
	File "INSTALL.txt"
	File "LICENSE.txt"
	File "NOTICE.txt"
	File "THIRD-PARTY-LICENCES.txt"
	WriteUninstaller "$INSTDIR\uninstall.exe"
	CreateShortcut "$SMPROGRAMS\Consentry.lnk" "$INSTDIR\consentry-window.exe"
	WriteRegStr HKCU "Software\Consentry" "Folder" "$INSTDIR"
	WriteRegStr HKCU "${KEY}" "DisplayName" "Consentry"
	WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
	WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\consentry-window.exe"
	WriteRegStr HKCU "${KEY}" "Publisher" "Consentry's authors"
	WriteRegStr HKCU "${KEY}" "InstallLocation" "$INSTDIR"
	WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
	WriteRegStr HKCU "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
	WriteRegDWORD HKCU "${KEY}" "NoModify" 1
	WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
SectionEnd

; Only what was installed: the folder may have been one that was there before.
Section "Uninstall"
	Delete "$INSTDIR\consentry.exe"
	Delete "$INSTDIR\consentry-window.exe"
	Delete "$INSTDIR\INSTALL.txt"
	Delete "$INSTDIR\LICENSE.txt"
	Delete "$INSTDIR\NOTICE.txt"
	Delete "$INSTDIR\THIRD-PARTY-LICENCES.txt"
	Delete "$INSTDIR\uninstall.exe"
	RMDir "$INSTDIR"
	Delete "$SMPROGRAMS\Consentry.lnk"
	DeleteRegKey HKCU "${KEY}"
	DeleteRegKey HKCU "Software\Consentry"
SectionEnd
