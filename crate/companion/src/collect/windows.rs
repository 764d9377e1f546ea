//! Windows: sysinfo lists processes, netsock sockets; metrics, events and handles are Windows' own.
#![allow(unsafe_code, reason = "calls into Windows")]

use super::listed::{self, Listed};
use super::servers;
use crate::catalogue::{Kind, here, programs};
use crate::log::QuickAssist;
use crate::snapshot::{Desktop, Snapshot, Socket, SocketState};
use doorchain_core::{Millis, System};
use netsock::family::AddressFamilyFlags;
use netsock::protocol::ProtocolFlags;
use netsock::socket::{ProtocolSocketInfo, SocketInfo};
use netsock::state::TcpState;
use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::ptr::null_mut;
use windows_sys::Wdk::System::SystemInformation::{
    NtQuerySystemInformation, SystemProcessInformation,
};
use windows_sys::Win32::Foundation::{
    ERROR_INSUFFICIENT_BUFFER, ERROR_INVALID_PARAMETER, ERROR_NO_MORE_ITEMS, FILETIME,
    GetLastError, STATUS_INFO_LENGTH_MISMATCH, WAIT_OBJECT_0,
};
use windows_sys::Win32::System::EventLog::{
    EVT_HANDLE, EvtClose, EvtNext, EvtQuery, EvtQueryChannelPath, EvtQueryReverseDirection,
    EvtRender, EvtRenderEventXml,
};
use windows_sys::Win32::System::RemoteDesktop::{
    WTS_CURRENT_SESSION, WTS_INFO_CLASS, WTSClientName, WTSClientProtocolType,
    WTSDisconnectSession, WTSFreeMemory, WTSINFOW, WTSQuerySessionInformationW, WTSSessionInfo,
};
use windows_sys::Win32::System::Threading::{
    GetProcessTimes, OpenProcess, PROCESS_QUERY_LIMITED_INFORMATION, PROCESS_SYNCHRONIZE,
    PROCESS_TERMINATE, TerminateProcess, WaitForSingleObject,
};
use windows_sys::Win32::System::WindowsProgramming::SYSTEM_PROCESS_INFORMATION;
use windows_sys::Win32::UI::WindowsAndMessaging::GetSystemMetrics;
use windows_sys::core::w;

/// What is kept from look to look.
#[derive(Default)]
pub(super) struct Machine {
    listed: Listed,
}

impl Machine {
    /// Adds processes, metrics, Quick Assist's events and, where a server runs, sockets.
    pub(super) fn look(&mut self, snapshot: &mut Snapshot) {
        snapshot.boot = listed::boot();
        snapshot.processes = self.listed.processes();
        if snapshot.processes.is_empty() {
            snapshot.failed.push("processes: none is listed".to_owned());
        }
        let births = births().unwrap_or_else(|error| {
            (snapshot.failed).push(format!("when programs began: {error}"));
            BTreeMap::new()
        });
        for process in &mut snapshot.processes {
            // Windows tells everybody whose sockets are whose.
            process.open = true;
            // What the list does not have cannot be held.
            process.birth = births.get(&process.pid).copied().unwrap_or(UNBORN);
            if process.birth != UNBORN {
                process.since = moment(process.birth);
            }
        }
        for marker in here() {
            let Kind::Metric(index) = marker.kind else {
                continue;
            };
            // SAFETY: takes any number and touches no memory of ours.
            let value = i32::try_from(index).map_or(0, |index| unsafe { GetSystemMetrics(index) });
            if value != 0 && !snapshot.metrics.contains(&index) {
                snapshot.metrics.push(index);
            }
        }
        match desktop() {
            Ok(desktop) => snapshot.desktop = Some(desktop),
            Err(error) => snapshot.failed.push(format!("terminal services: {error}")),
        }
        if !servers(&snapshot.processes).is_empty() {
            match sockets() {
                Ok(sockets) => snapshot.sockets = sockets,
                Err(why) => snapshot.failed.push(format!("connections: {why}")),
            }
        }
        let quick_assist = programs("quick-assist", &snapshot.processes, System::Windows);
        if !quick_assist.is_empty() {
            match events() {
                Ok(events) => snapshot.told.extend(events.told()),
                Err(error) => snapshot.failed.push(format!("event log: {error}")),
            }
        }
    }
}

/// How this desktop is shown.
///
/// # Errors
///
/// When Terminal Services do not say by which protocol.
fn desktop() -> io::Result<Desktop> {
    let protocol = told(WTSClientProtocolType, |bytes| {
        bytes.first_chunk().map(|bytes| u16::from_ne_bytes(*bytes))
    })?;
    if protocol == 0 {
        return Ok(Desktop::default());
    }
    Ok(Desktop {
        protocol,
        client: told(WTSClientName, |bytes| {
            let text: Vec<u16> = (bytes.as_chunks().0.iter())
                .map(|pair| u16::from_ne_bytes(*pair))
                .take_while(|unit| *unit != 0)
                .collect();
            Some(String::from_utf16_lossy(&text)).filter(|name| !name.is_empty())
        })
        .ok(),
        since: told(WTSSessionInfo, |bytes| {
            let at = std::mem::offset_of!(WTSINFOW, ConnectTime);
            let steps = i64::from_ne_bytes(*bytes.get(at..)?.first_chunk()?);
            moment(u64::try_from(steps).ok()?)
        })
        .ok(),
    })
}

/// What Terminal Services say of this session, read by `read`.
///
/// # Errors
///
/// What Windows says; `InvalidData` for what `read` cannot read.
fn told<T>(what: WTS_INFO_CLASS, read: impl FnOnce(&[u8]) -> Option<T>) -> io::Result<T> {
    let (mut data, mut length) = (null_mut(), 0);
    // SAFETY: both places are ours; what is put into the first is freed below.
    let ok = unsafe {
        WTSQuerySessionInformationW(
            null_mut(),
            WTS_CURRENT_SESSION,
            what,
            &mut data,
            &mut length,
        )
    };
    if ok == 0 {
        return Err(io::Error::last_os_error());
    }
    if data.is_null() {
        return Err(io::ErrorKind::InvalidData.into());
    }
    // SAFETY: Windows has put as many bytes there as it says.
    let bytes = unsafe { std::slice::from_raw_parts(data.cast::<u8>(), length as usize) };
    let value = read(bytes);
    // SAFETY: the memory came from the call above and is freed once.
    unsafe { WTSFreeMemory(data.cast()) };
    value.ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// When every process began, as a FILETIME, by its number.
///
/// Windows tells that to everybody in its list; sysinfo asks each process, and those of the system
/// answer administrators alone.
///
/// # Errors
///
/// When there is no such list.
fn births() -> io::Result<BTreeMap<u32, u64>> {
    let mut list: Vec<u8> = vec![0; 1 << 19];
    loop {
        let (room, mut used) = (u32::try_from(list.len()).unwrap_or(u32::MAX), 0);
        // SAFETY: the list has as many bytes as is said.
        let status = unsafe {
            NtQuerySystemInformation(
                SystemProcessInformation,
                list.as_mut_ptr().cast(),
                room,
                &mut used,
            )
        };
        match status {
            0 => return Ok(births_in(&list)),
            // Some more may begin until it is asked again.
            STATUS_INFO_LENGTH_MISMATCH if used > room => list.resize(used as usize + (1 << 16), 0),
            status => return Err(io::Error::other(format!("status {status:#x}"))),
        }
    }
}

/// Reads the list, each entry of which tells how far the next one is; 0 in the last.
fn births_in(list: &[u8]) -> BTreeMap<u32, u64> {
    type Entry = SYSTEM_PROCESS_INFORMATION;
    // Behind the working set, two counts and the cycles, which have no names here either.
    const BIRTH: usize = std::mem::offset_of!(Entry, Reserved1) + 24;
    const PID: usize = std::mem::offset_of!(Entry, UniqueProcessId);
    let number = |at| Some(u32::from_ne_bytes(*list.get(at..)?.first_chunk()?));
    let birth = |at| Some(u64::from_ne_bytes(*list.get(at..)?.first_chunk()?));
    let mut births = BTreeMap::new();
    let mut at = 0;
    while let (Some(pid), Some(birth)) = (number(at + PID), birth(at + BIRTH)) {
        births.insert(pid, birth);
        match number(at) {
            Some(next) if next != 0 => at += next as usize,
            _ => break,
        }
    }
    births
}

/// A FILETIME's moment; `None` before 1970.
fn moment(steps: u64) -> Option<Millis> {
    let millis = steps / (STEPS / 1000);
    millis.checked_sub(EPOCH * 1000).map(Millis)
}

fn sockets() -> Result<Vec<Socket>, String> {
    let families = AddressFamilyFlags::IPV4 | AddressFamilyFlags::IPV6;
    let protocols = ProtocolFlags::TCP | ProtocolFlags::UDP;
    let all = netsock::get_sockets(families, protocols).map_err(|error| error.to_string())?;
    Ok(all.into_iter().filter_map(socket).collect())
}

fn socket(info: SocketInfo) -> Option<Socket> {
    let mut pids: Vec<u32> = info.processes.iter().map(|process| process.pid).collect();
    pids.sort_unstable();
    let (local, remote, state) = match info.protocol_socket_info {
        ProtocolSocketInfo::Tcp(tcp) => {
            let local = SocketAddr::new(tcp.local_addr, tcp.local_port);
            match tcp.state {
                TcpState::Listen => (local, None, SocketState::Listening),
                TcpState::Established => {
                    let remote = SocketAddr::new(tcp.remote_addr, tcp.remote_port);
                    (local, Some(remote), SocketState::Established)
                }
                _ => return None,
            }
        }
        ProtocolSocketInfo::Udp(udp) => {
            let local = SocketAddr::new(udp.local_addr, udp.local_port);
            (local, None, SocketState::Unconnected)
        }
    };
    Some(Socket {
        local,
        remote,
        state,
        pids,
        user: None,
    })
}

/// Closes an event handle when it goes.
struct Events(EVT_HANDLE);

impl Drop for Events {
    fn drop(&mut self) {
        // SAFETY: the handle came from Windows and is closed once.
        unsafe { EvtClose(self.0) };
    }
}

/// Most events that are read: a session has three, the newest come first.
const EVENTS: usize = 32;

/// What Quick Assist has written to the Application log of late.
fn events() -> io::Result<QuickAssist> {
    let path = w!("Application");
    let query = w!("*[System[Provider[@Name='Quick Assist'] and (EventID=0)]]");
    let flags = EvtQueryChannelPath | EvtQueryReverseDirection;
    // SAFETY: both texts end in NUL and live as long as the program.
    let found = unsafe { EvtQuery(0, path, query, flags) };
    if found == 0 {
        return Err(io::Error::last_os_error());
    }
    let found = Events(found);
    let mut log = QuickAssist::default();
    let mut handles = [0; EVENTS];
    let mut count = 0;
    // SAFETY: the array has room for as many handles as is said.
    let ok = unsafe {
        EvtNext(
            found.0,
            EVENTS as u32,
            handles.as_mut_ptr(),
            0,
            0,
            &mut count,
        )
    };
    if ok == 0 {
        let error = io::Error::last_os_error();
        return match error.raw_os_error() {
            Some(code) if code == ERROR_NO_MORE_ITEMS as i32 => Ok(log),
            _ => Err(error),
        };
    }
    let events: Vec<Events> = (handles.iter().take(count as usize))
        .map(|handle| Events(*handle))
        .collect();
    for event in &events {
        log.take(&render(event)?);
    }
    Ok(log)
}

/// An event as XML.
fn render(event: &Events) -> io::Result<String> {
    let mut buffer: Vec<u16> = vec![0; 4096];
    loop {
        let (mut used, mut properties) = (0, 0);
        let bytes = u32::try_from(buffer.len() * 2).unwrap_or(u32::MAX);
        // SAFETY: the buffer has as many bytes as is said.
        let ok = unsafe {
            EvtRender(
                0,
                event.0,
                EvtRenderEventXml,
                bytes,
                buffer.as_mut_ptr().cast(),
                &mut used,
                &mut properties,
            )
        };
        if ok != 0 {
            let text = &buffer[..(used as usize / 2).min(buffer.len())];
            return Ok(String::from_utf16_lossy(text)
                .trim_end_matches('\0')
                .to_owned());
        }
        // SAFETY: asks for the last call's error.
        if unsafe { GetLastError() } != ERROR_INSUFFICIENT_BUFFER || used <= bytes {
            return Err(io::Error::last_os_error());
        }
        buffer.resize(used as usize / 2 + 1, 0);
    }
}

/// Breaks the connection of whoever uses this desktop from elsewhere; what is open stays open.
///
/// # Errors
///
/// What Windows says.
pub(crate) fn disconnect_desktop() -> io::Result<()> {
    // SAFETY: touches no memory of ours. Does not wait.
    match unsafe { WTSDisconnectSession(null_mut(), WTS_CURRENT_SESSION, 0) } {
        0 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// A hold on one process, which cannot turn into another one of the same number.
#[derive(Debug)]
pub struct Handle(OwnedHandle);

/// 100 ns steps in a second, and seconds from 1601, where FILETIME begins, to 1970.
const STEPS: u64 = 10_000_000;
const EPOCH: u64 = 11_644_473_600;

/// The birth of a process that nothing tells of.
const UNBORN: u64 = 0;

impl Handle {
    /// Takes hold of the process of this number that began at `birth`, a whole FILETIME.
    ///
    /// # Errors
    ///
    /// `NotFound` when there is none any more, else what the system says.
    pub fn open(pid: u32, birth: u64) -> io::Result<Self> {
        let gone = || io::Error::from(io::ErrorKind::NotFound);
        if birth == UNBORN {
            return Err(io::Error::other("when it began is not known"));
        }
        let rights = PROCESS_TERMINATE | PROCESS_QUERY_LIMITED_INFORMATION | PROCESS_SYNCHRONIZE;
        // SAFETY: touches no memory of ours.
        let handle = unsafe { OpenProcess(rights, 0, pid) };
        if handle.is_null() {
            let error = io::Error::last_os_error();
            return Err(match error.raw_os_error() {
                Some(code) if code == ERROR_INVALID_PARAMETER as i32 => gone(),
                _ => error,
            });
        }
        // SAFETY: the handle is new and nobody else's.
        let handle = unsafe { OwnedHandle::from_raw_handle(handle) };
        let mut times = [FILETIME::default(); 4];
        let [created, exited, kernel, user] = &mut times;
        // SAFETY: four places for four times.
        let ok = unsafe { GetProcessTimes(handle.as_raw_handle(), created, exited, kernel, user) };
        if ok == 0 {
            return Err(io::Error::last_os_error());
        }
        let steps = u64::from(created.dwHighDateTime) << 32 | u64::from(created.dwLowDateTime);
        // SAFETY: the handle is open and may be waited on.
        let ended = unsafe { WaitForSingleObject(handle.as_raw_handle(), 0) } == WAIT_OBJECT_0;
        if ended || steps != birth {
            return Err(gone());
        }
        Ok(Self(handle))
    }

    /// Ends the process. Windows has no way to ask a program without a window.
    ///
    /// # Errors
    ///
    /// `PermissionDenied` for a process of higher rights.
    pub fn end(&self, _hard: bool) -> io::Result<()> {
        // SAFETY: the handle is open and may be ended by.
        match unsafe { TerminateProcess(self.0.as_raw_handle(), 1) } {
            0 => Err(io::Error::last_os_error()),
            _ => Ok(()),
        }
    }
}
